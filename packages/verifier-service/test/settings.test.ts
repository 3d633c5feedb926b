import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { UsageError } from '../src/errors.ts';
import { findSources, readSetting } from '../src/settings/read-settings.ts';
import { nameSetting, SETTING_NAMES, SETTINGS, type Setting, type SettingName } from '../src/settings/table.ts';
import { createCertificate } from './certificates.ts';
import { makeFolder, run } from './cli.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

/** What each setting refuses. A new one needs its line. */
const WRONG: Record<SettingName, string> = {
  data: '',
  port: '65536',
  host: 'a b',
  'public-url': 'ftp://x',
  'tls-cert': '',
  'tls-key': '',
  'proxy-header': 'X Forwarded',
  'proxy-hops': '0',
  'key-rate': '-1',
  'address-rate': '1e3',
  'refusal-rate': '1000001',
  'metrics-port': 'http',
  'metrics-host': 'http://x',
  'otlp-endpoint': 'http://user:secret@x',
  'max-delegates': '1000',
  'four-eyes': 'two',
  'status-list-ttl': '9',
  'status-list-life': '59',
  'trust-list-days': '1',
  'webhook-network': 'any',
  identities: 'clear',
  'ec-query-data': 'xml',
  'ec-token-seconds': '59',
  database: 'mysql://user:secret@x/y',
  'key-passphrase-file': '',
  signer: 'http://elsewhere.example',
  'signer-token-file': '',
  'openid-issuer': 'http://login.example',
  'openid-audience': 'a b',
  'openid-claim': '',
  scanner: '',
  'hand-over-origins': 'http://192.168.0.2:9000',
};

let folder: string;

beforeAll(async () => {
  folder = await makeFolder();
});

async function write(value: unknown): Promise<string> {
  const file = path.join(folder, `${Math.random()}.json`);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

function refuse(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error('was not refused');
}

it('every setting refuses what it cannot be, in one sentence with the flag and the variable', () => {
  for (const name of SETTING_NAMES) {
    const { flag, variable } = nameSetting(name);
    const sources = flag ? findSources({ [name]: WRONG[name] }, {}) : findSources({}, { [variable]: WRONG[name] });
    const sentence = refuse(() => readConfig(sources));
    expect(sentence).toMatch(new RegExp(`^${flag ? `${flag} \\(${variable}\\)` : variable} must be .*\\.$`));
    expect(sentence).not.toContain('secret');
  }
});

it('an issuer is kept to the letter, and must be https but on this machine', () => {
  const read = (issuer: string) => readSetting('openid-issuer', findSources({ 'openid-issuer': issuer }, {})).value;
  for (const issuer of [
    'https://login.example/',
    'https://LOGIN.example:443/a',
    'http://127.0.0.1:8081/x',
    'http://[::1]',
  ])
    expect(read(issuer)).toBe(issuer);
  for (const issuer of ['http://10.0.0.1', 'https://a@x', 'https://x?a', 'https://x#', 'https://x y', 'x'])
    expect(() => read(issuer)).toThrow(UsageError);
});

it('a scanner hands over to this machine alone, at ports that are named', () => {
  const read = (origins: string) =>
    readSetting('hand-over-origins', findSources({ 'hand-over-origins': origins }, {})).value;
  expect(read('http://127.0.0.1:9000, ws://localhost:1')).toEqual(['http://127.0.0.1:9000', 'ws://localhost:1']);
  for (const origin of [
    'http://127.0.0.1',
    'http://127.0.0.1:0',
    'http://127.0.0.1:65536',
    'https://127.0.0.1:9000',
    'http://127.0.0.1:9000/',
    'http://his.example:9000',
    'http://[::1]:9000',
    "http://127.0.0.1:9000 'unsafe-inline'",
    'http://127.0.0.1:9000;script-src *',
    'http://127.0.0.1:9000,',
  ])
    expect(() => read(origin)).toThrow(UsageError);
});

it('a flag wins over its variable, that over the file, that over the default; an empty variable is none', async () => {
  const config = await write({ port: 3 });
  const read = (flags: object, environment: object) =>
    readSetting('port', findSources(flags, environment as NodeJS.ProcessEnv));
  expect(read({ port: '1', config }, { ZHENGMA_PORT: '2' })).toMatchObject({ value: 1, from: 'flag' });
  expect(read({ config }, { ZHENGMA_PORT: '2' })).toMatchObject({ value: 2, from: 'environment' });
  expect(read({}, { ZHENGMA_PORT: '', ZHENGMA_CONFIG: config })).toMatchObject({ value: 3, from: 'file' });
  expect(read({}, {})).toMatchObject({ value: 8080, from: 'default' });
});

it('paths in a file start from its folder, those elsewhere from where the command runs', async () => {
  const config = await write({ data: 'd' });
  expect(readSetting('data', findSources({ config }, {})).value).toBe(path.join(folder, 'd'));
  expect(readSetting('data', findSources({ config, data: 'd' }, {})).value).toBe(path.resolve('d'));
});

it('a file that is wrong is refused by name: unknown keys, other values, no JSON, too large, missing', async () => {
  const sentence = async (value: unknown) => {
    const config = await write(value);
    return refuse(() => readConfig(findSources({ config }, {})));
  };
  expect(await sentence({ prot: 1 })).toContain('"prot", which is no setting');
  expect(await sentence({ 'public-url': 'http://x' })).toContain('"public-url", which is no setting');
  expect(await sentence({ port: true })).toContain('"port" in');
  expect(await sentence({ port: 'http' })).toMatch(/^"port" in .* must be a number from 0 to 65535/);
  for (const text of ['', '[]', 'null', '{"port": 1']) expect(await sentence(text)).toContain('one JSON object');
  expect(await sentence({ data: 'x'.repeat(70_000) })).toContain('too large');
  expect(refuse(() => findSources({ config: path.join(folder, 'none') }, {}))).toContain('(ENOENT)');
});

it('what goes together is checked together', () => {
  const sentence = (flags: object) => refuse(() => readConfig(findSources(flags, {})));
  expect(sentence({ 'tls-cert': 'x' })).toContain('go together');
  expect(sentence({ 'tls-key': 'x' })).toContain('go together');
  expect(sentence({ 'proxy-hops': '2' })).toContain('--proxy-header');
  expect(sentence({ 'status-list-ttl': '3600', 'status-list-life': '7199' })).toBe(
    '--status-list-life (ZHENGMA_STATUS_LIST_LIFE) must be at least twice --status-list-ttl (ZHENGMA_STATUS_LIST_TTL), or a reader that asks when its list is due could find it expired: set 7200 or more.',
  );
  expect(sentence({ 'status-list-life': '604801', 'trust-list-days': '7' })).toMatch(
    /--trust-list-days .* set 8 or more\.$/,
  );
  expect(sentence({ 'openid-issuer': 'https://login.example' })).toContain('go together');
  expect(sentence({ 'openid-audience': 'x' })).toContain('go together');
  expect(sentence({ 'openid-claim': 'email' })).toContain('--openid-issuer');
  expect(sentence({ host: '0.0.0.0' })).toContain('--public-url');
});

describe('zhengma config', () => {
  it('says every setting, its value and who said so, and never what a file with a secret holds', async () => {
    const secret = path.join(folder, 'tls.key');
    const { certificate, key } = createCertificate();
    await writeFile(path.join(folder, 'tls.crt'), certificate);
    await writeFile(secret, key, { mode: 0o600 });
    const config = await write({ keyRate: 12, tlsKey: 'tls.key', tlsCert: 'tls.crt' });
    const database = 'postgres://zhengma:PRIVATE@127.0.0.1/zhengma';
    const env = { ZHENGMA_CONFIG: config, ZHENGMA_HOST: '::1', DATABASE_URL: database };
    const ended = await run(['config', '--port', '99', '--json'], { env });
    expect(ended.code).toBe(0);
    const { settings } = JSON.parse(ended.stdout);
    expect(settings.map(({ name }: { name: string }) => name)).toEqual(SETTING_NAMES);
    const find = (name: string) => settings.find((setting: { name: string }) => setting.name === name);
    expect(find('port')).toMatchObject({ value: 99, from: 'flag', variable: 'ZHENGMA_PORT', default: '8080' });
    expect(find('host')).toMatchObject({ value: '::1', from: 'environment', origin: 'ZHENGMA_HOST' });
    expect(find('key-rate')).toMatchObject({ value: 12, from: 'file', key: 'keyRate', origin: config });
    expect(find('tls-key')).toMatchObject({ value: secret, from: 'file' });
    expect(find('max-delegates')).toMatchObject({ value: 5, from: 'default' });
    const { stdout } = await run(['config'], { env });
    for (const name of SETTING_NAMES) {
      const { en, zh }: Setting = SETTINGS[name];
      for (const part of [nameSetting(name).flag ?? '', nameSetting(name).variable, en, zh])
        expect(stdout).toContain(part);
    }
    expect(stdout + ended.stdout).not.toContain('PRIVATE');
    expect(stdout + ended.stdout).not.toContain(key.split('\n')[1]);
    await writeFile(secret, 'PRIVATE');
    const wrong = await run(['config'], { env });
    expect(wrong).toMatchObject({ code: 3, stdout: '' });
    expect(wrong.stderr).toMatch(/^zhengma: [^\n]+check --tls-cert and --tls-key\.\n$/);
  });

  it('ends with 2 and the sentence when one is wrong', async () => {
    const ended = await run(['config'], { env: { ZHENGMA_METRICS_PORT: 'many' } });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^zhengma: --metrics-port \(ZHENGMA_METRICS_PORT\) must be [^\n]+\n$/);
  });
});

it('the table of the README is this table', async () => {
  const code = (text: string) => `\`${text}\``;
  const rows = SETTING_NAMES.map((name) => {
    const { standard, otherwise, en, zh }: Setting = SETTINGS[name];
    const { flag, variable, key } = nameSetting(name);
    const unless = standard === undefined ? (otherwise ?? '') : code(standard);
    return `| ${flag ? code(flag) : ''} | ${code(variable)} | ${code(key)} | ${unless} | ${en} ${zh} |`;
  });
  const [, section = ''] = /\n## Settings 配置\n([\s\S]*?)\n## /.exec(await readFile(README, 'utf8')) ?? [];
  expect(section.split('\n').filter((line) => /^\| [` ]/.test(line))).toEqual(rows);
});
