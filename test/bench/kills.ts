import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportPublicKey, generateDeviceKey, presentCredential } from '@zhengma/credential-core';
import type { ActionDeps } from '../../packages/verifier-service/src/actions/deps.ts';
import { issue } from '../../packages/verifier-service/src/actions/issue.ts';
import { addOperator } from '../../packages/verifier-service/src/actions/organisations.ts';
import { actLocally, setUp } from '../../packages/verifier-service/src/actions/set-up.ts';
import { verifyAudit } from '../../packages/verifier-service/src/actions/verify-audit.ts';
import { openDataFolder } from '../../packages/verifier-service/src/data-folder.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { type Served, spawnServe } from './served.ts';

const PUBLIC_URL = 'http://127.0.0.1:8080';
const TILLS = 8;
const CLERKS = 4;
/** Killed after so many answers at least and fewer than so many: while some are being written, and others wait for the disk. */
const ANSWERS = [5, 60] as const;
/** Of a round, shown again after it; each costs a request. */
const SHOWN_AGAIN = 12;
const ROUNDS_PER_AUDIT = 20;

/** A code that was answered as accepted. */
interface Use {
  readonly text: string;
  readonly audience: string;
  readonly receipt: string;
}

interface Round {
  readonly uses: readonly Use[];
  readonly revocations: readonly string[];
}

interface Keys {
  readonly till: string;
  readonly other: string;
  readonly clerk: string;
}

/**
 * Kills `zhengma serve` again and again while tills verify and clerks revoke, and looks after each kill for what had been
 * answered: the revocation, the receipt, their audit rows, and whether the code passes a second time.
 *
 * @returns what was answered, and what of it was lost; goals are met where nothing was
 */
export async function killUnderLoad(kills: number): Promise<object> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-kills-'));
  const lost = { revocations: 0, uses: 0, auditRows: 0, chains: 0 };
  const answered = { revocations: 0, uses: 0 };
  try {
    const { keys, show } = await prepare(folder);
    let before: Round = { uses: [], revocations: [] };
    for (let kill = 1; kill <= kills; kill++) {
      const { child, port } = await spawnServe(folder, ['--key-rate', '0']);
      const url = `http://127.0.0.1:${port}`;
      lost.uses += await countPassingAgain(url, before.uses, keys);
      before = await loadUntilKilled(child, url, keys, show);
      answered.uses += before.uses.length;
      answered.revocations += before.revocations.length;
      const deps = await openDataFolder(folder, { create: false });
      await countLost(before, lost, deps);
      if (kill % ROUNDS_PER_AUDIT === 0 || kill === kills) lost.chains += (await verifyAudit(deps)).ok ? 0 : 1;
      await close(deps);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const goals = Object.entries(lost).map(([name, value]) => ({
    name: `lost ${name}`,
    value,
    goal: 0,
    met: value === 0,
  }));
  return { kills: [{ kills, ...answered }], goals };
}

async function prepare(folder: string): Promise<{ keys: Keys; show: (audience: string) => Promise<string> }> {
  const deps = await openDataFolder(folder, { create: true });
  const statusBaseUri = `${PUBLIC_URL}/v1/status-lists`;
  await setUp({ id: '370200', name: 'kills', regions: ['3702'], statusBaseUri }, deps);
  const by = await actLocally(deps);
  const hire = async (role: 'issuer' | 'verifier', organisation: string) => {
    if (!(await deps.store.findOrganisation(organisation)))
      await deps.store.addOrganisation(
        { id: organisation, name: organisation, parent: by.organisation },
        by,
        new Date(),
      );
    return (await addOperator({ name: role, role, organisation }, by, deps)).apiKey;
  };
  const keys = {
    till: await hire('verifier', 'H37020000001'),
    other: await hire('verifier', 'H37020000002'),
    clerk: await hire('issuer', by.organisation),
  };
  const device = await generateDeviceKey();
  // Good for long: what is shown again after a kill must be refused for that, and not for its age.
  const claims = { ...FICTIONAL_PERSON, maxPresentationAgeSeconds: 3600 };
  const { text } = await issue({ claims, holderKey: exportPublicKey(device) }, by, deps);
  await close(deps);
  const show = async (audience: string) =>
    (await presentCredential(text, device, { currentDate: new Date(), audience })).text;
  return { keys, show };
}

async function loadUntilKilled(
  child: Served['child'],
  url: string,
  keys: Keys,
  show: (audience: string) => Promise<string>,
): Promise<Round> {
  const uses: Use[] = [];
  const revocations: string[] = [];
  const killAfter = randomInt(...ANSWERS);
  const ended = once(child, 'exit');
  const isOver = () => child.killed;
  const count = () => {
    if (uses.length + revocations.length >= killAfter) child.kill('SIGKILL');
  };
  let shown = 0;
  const till = async () => {
    while (!isOver()) {
      const audience = `${child.pid}-${shown++}`;
      const text = await show(audience);
      const answer = await post(`${url}/v1/verifications`, keys.till, { text, audience });
      if (answer?.['ok'] === true) uses.push({ text, audience, receipt: answer['receipt'].id });
      count();
    }
  };
  const clerk = async () => {
    while (!isOver()) {
      const issued = await post(`${url}/v1/credentials`, keys.clerk, { claims: FICTIONAL_PERSON });
      const id = issued?.['id'];
      const changed = id && (await post(`${url}/v1/credentials/${id}/status`, keys.clerk, { status: 'revoked' }));
      if (changed) revocations.push(id);
      count();
    }
  };
  await Promise.all([...Array.from({ length: TILLS }, till), ...Array.from({ length: CLERKS }, clerk)]);
  await ended;
  return { uses, revocations };
}

/** How many codes pass at another organisation that were accepted before. */
async function countPassingAgain(url: string, uses: readonly Use[], { other }: Keys): Promise<number> {
  const answers = uses
    .slice(-SHOWN_AGAIN)
    .map(({ text, audience }) => post(`${url}/v1/verifications`, other, { text, audience }));
  return (await Promise.all(answers)).filter((answer) => answer?.['code'] !== 'replayed').length;
}

async function countLost(
  { uses, revocations }: Round,
  lost: { revocations: number; uses: number; auditRows: number },
  { store }: ActionDeps,
): Promise<void> {
  for (const { receipt } of uses) {
    if (!(await store.findReceipt(receipt))) lost.uses++;
    const { entries } = await store.searchAudit({ receipt, limit: 10 });
    if (!entries.some(({ outcome }) => outcome === 'accepted')) lost.auditRows++;
  }
  for (const credential of revocations) {
    if ((await store.findCredential(credential))?.status !== 'revoked') lost.revocations++;
    const { entries } = await store.searchAudit({ credential, action: 'revoked', limit: 10 });
    if (entries.length !== 1) lost.auditRows++;
  }
}

/** Undefined where there was no answer, or none that says it is done. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the service answers
async function post(address: string, apiKey: string, body: object): Promise<Record<string, any> | undefined> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
    });
    return response.ok ? ((await response.json()) as object) : undefined;
  } catch {
    return undefined;
  }
}

async function close({ store, images }: ActionDeps): Promise<void> {
  await images.close();
  await store.close();
}
