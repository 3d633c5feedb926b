import { renderQr } from '@zhengma/credential-core/qr';
import type { ActionDeps } from '../actions/deps.ts';
import { addOperator } from '../actions/organisations.ts';
import { actLocally, setUp } from '../actions/set-up.ts';
import { verifyText } from '../actions/verify.ts';
import { type Config, readConfig } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { closePort, type OpenPort, openPort } from '../open-port.ts';
import type { Command } from './command.ts';
import { createLogger } from './logger.ts';
import { findOrIssueSample } from './sample-credential.ts';
import { SERVE_HELP, SERVE_OPTIONS, serveUntilStopped } from './serve.ts';
import { readSources } from './setting-flags.ts';
import type { Terminal } from './terminal.ts';
import { describeVerdict } from './verdict-lines.ts';

const DEMO_ISSUER = { id: 'demo.zhengma.example', name: '证码演示签发方 Zhengma demo issuer', regions: ['3702'] };

export const startCommand: Command = {
  help: `  zhengma start

${SERVE_HELP}

  On a new data folder: makes a root key, a demo issuer and an administrator with an API key (shown once), and issues a
  credential for a fictional person. A later start reuses all of it, the credential too until it expires.`,
  options: SERVE_OPTIONS,
  takes: 0,
  async run(input, terminal) {
    const config = readConfig(readSources(input));
    // The port first: where it is in use, no folder is made and no API key is shown that a second start would not repeat.
    const open = await openPort(config);
    const { deps, apiKey } = await prepare(config, open, terminal);
    // A log line would stand in the middle of the tour.
    const logger = createLogger('error');
    const greet = async (publicUrl: string) => {
      await showTour(publicUrl, apiKey, config, deps, terminal);
      logger.level = 'info';
    };
    return serveUntilStopped(config, deps, logger, greet, open);
  },
};

/** The data folder, set up; with the API key when it was set up just now. Closes `open` when it throws. */
async function prepare(
  config: Config,
  open: OpenPort,
  terminal: Terminal,
): Promise<{ deps: ActionDeps; apiKey: string | undefined }> {
  let deps: ActionDeps | undefined;
  try {
    deps = await openDataFolder(config.dataFolder, { create: true, ...config });
    return { deps, apiKey: await setUpIfNew(config, open.publicUrl, deps, terminal) };
  } catch (error) {
    closePort(open);
    await deps?.store.close();
    throw error;
  }
}

async function setUpIfNew(
  config: Config,
  publicUrl: string,
  deps: ActionDeps,
  terminal: Terminal,
): Promise<string | undefined> {
  if (await deps.store.findIssuer()) {
    terminal.say(`[1/4] Data folder 数据目录: ${config.dataFolder} (reused 沿用已有数据)`);
    terminal.say('[2/4] Root key, issuer, operator 根密钥、签发方、操作员: reused 沿用');
    return undefined;
  }
  terminal.say(`[1/4] Data folder 数据目录: ${config.dataFolder} (new 新建)`);
  await setUp({ ...DEMO_ISSUER, statusBaseUri: `${publicUrl}/v1/status-lists` }, deps);
  const { apiKey } = await addOperator(
    { name: 'first start', role: 'administrator', organisation: DEMO_ISSUER.id },
    await actLocally(deps),
    deps,
  );
  terminal.say('[2/4] Root key, issuer, operator 根密钥、签发方、操作员: made 已生成');
  terminal.say(`      API key, shown once 仅显示一次: ${apiKey}`);
  return apiKey;
}

async function showTour(
  publicUrl: string,
  apiKey: string | undefined,
  config: Config,
  deps: ActionDeps,
  terminal: Terminal,
): Promise<void> {
  const { text, isNew } = await findOrIssueSample(config.dataFolder, deps);
  const { result } = await verifyText(text, {}, deps);
  const links = {
    scanner: `${publicUrl}/scan/`,
    // In the fragment, which browsers do not send: the credential reaches no server and no log.
    wallet: `${publicUrl}/wallet/#${Buffer.from(text).toString('base64url')}`,
    reference: `${publicUrl}/docs`,
  };
  const shownOnce = apiKey === undefined ? {} : { apiKey };
  terminal.answer({ url: publicUrl, ...links, ...shownOnce, isNew, text, verification: result }, [
    `[3/4] First credential, of a fictional person 首张凭证（虚构人员）: ${isNew ? 'issued 已签发' : 'reused 沿用'}`,
    await renderQr(text, { format: 'terminal' }),
    ...describeVerdict(result),
    `[4/4] Serving 服务已启动: ${publicUrl}`,
    `      Scanner 扫码核验           ${links.scanner}`,
    `      Holder's page 持证人页面    ${links.wallet}`,
    `      API reference 接口文档      ${links.reference}`,
    '      Ctrl+C stops it 按 Ctrl+C 停止',
  ]);
}
