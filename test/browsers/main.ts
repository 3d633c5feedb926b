import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderQr } from '@zhengma/credential-core/qr';
import { ARTIFACTS } from '../e2e/browser.ts';
import { PERSON } from '../e2e/counter.ts';
import { startEmbedHost } from '../e2e/embed-host.ts';
import { startService } from '../e2e/service.ts';
import { drivePage } from './driven-page.ts';
import { firefox } from './firefox.ts';
import { pictureOf, STORIES, type World } from './stories.ts';
import type { BrowserKind } from './web-driver.ts';
import { webkit } from './webkit.ts';

const BROWSERS: readonly BrowserKind[] = [firefox, webkit];

const results: Record<string, Record<string, string>> = {};
const troubles: string[] = [];
const missing: string[] = [];

await mkdir(ARTIFACTS, { recursive: true });
const { world, end } = await buildWorld();
try {
  for (const kind of BROWSERS) {
    if (kind.isInstalled()) await tellStories(kind, world);
    else missing.push(`${kind.name} is not installed, and nothing is known of it: ${kind.howToInstall}`);
  }
} finally {
  await end();
}

console.table(results);
for (const line of [...troubles, ...missing]) console.log(line);
const hasRun = missing.length < BROWSERS.length;
process.exitCode = troubles.length > 0 || !hasRun ? 1 : 0;

async function tellStories(kind: BrowserKind, world: World): Promise<void> {
  const driver = await kind.start();
  try {
    const page = await drivePage(driver);
    for (const { name, tell } of STORIES) {
      const problems: string[] = [];
      await tell(page, world).catch((error: Error) => problems.push(error.message));
      const faults = await driver.takeFaults().catch((error: Error) => [error.message]);
      // The pages of another have no icon, and a policy that allows none.
      problems.push(...faults.filter((fault) => !fault.includes('favicon')));
      await page.keepPicture(pictureOf(ARTIFACTS, kind.name, name)).catch(() => undefined);
      results[name] = { ...results[name], [driver.name]: problems.length === 0 ? 'works' : 'FAILS' };
      troubles.push(...problems.map((problem) => `${driver.name}, ${name}: ${problem}`));
    }
  } finally {
    await driver.quit();
  }
}

/** A service with codes of every colour, and a page that has its scanner in it. */
async function buildWorld(): Promise<{ readonly world: World; end(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'zhengma-browsers-'));
  const service = await startService();
  const [good, revoked] = [await service.issue(PERSON), await service.issue(PERSON)];
  await service.setStatus(revoked, 'revoked');
  const host = await startEmbedHost(service.origin);
  const picture = join(folder, 'code.png');
  const png = Buffer.from(await renderQr(good.text, { format: 'png' }));
  await writeFile(picture, png);
  return {
    world: {
      origin: service.origin,
      apiKey: service.apiKey,
      embedOrigin: host.origin,
      good: good.text,
      revoked: revoked.text,
      altered: good.text.slice(0, -12) + revoked.text.slice(-12),
      picture,
      pictureData: `data:image/png;base64,${png.toString('base64')}`,
      goOffline: service.stop,
      goOnline: service.restart,
    },
    async end() {
      await host.stop();
      await service.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
