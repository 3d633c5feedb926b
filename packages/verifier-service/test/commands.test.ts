import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  delegateCredential,
  exportPublicKey,
  generateDeviceKey,
  presentCredential,
} from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialise, makeFolder, run, startProcess, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';
import { post, verifyText } from './service.ts';

let data: string;
let folder: string;
let apiKey: string;

beforeAll(async () => {
  ({ folder, data, apiKey } = await initialise());
});

async function issue(): Promise<{ id: string; text: string }> {
  const ended = await run(['issue', '--from', '-', '--data', data, '--json'], {
    input: JSON.stringify({ claims: PERSON }),
  });
  expect(ended.code).toBe(0);
  return JSON.parse(ended.stdout);
}

function oneSentence(stderr: string): string {
  expect(stderr).toMatch(/^zhengma: [^\n]+\n$/);
  return stderr;
}

describe('the commands', () => {
  it('issue, verify, inspect and revoke work on the data folder, for people and for machines', async () => {
    const { id, text } = await issue();
    const verified = await run(['verify', text, '--data', data, '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, credential: { id } });
    const shown = await run(['verify', '-', '--data', data], { input: `${text}\n` });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('VALID 有效');
    expect(shown.stdout).toContain('*0038');
    const inspected = await run(['inspect', text, '--json']);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ ok: true, unverified: { id, issuer: '370200' } });
    expect((await run(['inspect', text])).stdout).toContain('UNVERIFIED');
    const revoked = await run(['revoke', id, '--reason', 'lost', '--data', data, '--json']);
    expect(JSON.parse(revoked.stdout)).toMatchObject({ id, status: 'revoked' });
    const after = await run(['verify', text, '--data', data]);
    expect(after.code).toBe(1);
    expect(after.stdout).toContain('NOT VALID 无效: revoked');
  });

  it('a file larger than any picture or list is refused in a sentence', async () => {
    const large = path.join(folder, 'large.jpg');
    await writeFile(large, '');
    await truncate(large, 11 * 1024 * 1024);
    const refused = await run(['verify', large, '--data', data]);
    expect(refused.code).toBe(2);
    expect(oneSentence(refused.stderr)).toContain('too large: 10 MiB are allowed');
  });

  it('issue takes flags too and draws the code', async () => {
    const words = [
      '--name',
      PERSON.name,
      '--id',
      PERSON.idNumber,
      '--region',
      PERSON.region,
      '--scheme',
      PERSON.scheme,
    ];
    const ended = await run(['issue', ...words, '--data', data]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('█');
    expect(ended.stdout).toMatch(/^ZM1:/m);
  });

  it('issue --replaces revokes the credential before it, once', async () => {
    const { id, text } = await issue();
    const replace = () => run(['issue', '--region', '370202', '--replaces', id, '--data', data]);
    const ended = await replace();
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`Revoked 已吊销: ${id}`);
    expect((await run(['verify', text, '--data', data])).stdout).toContain('revoked');
    const again = await replace();
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('The credential to be replaced is revoked');
  });

  it('a credential for a device is issued, presented, verified for a business, and inspected', async () => {
    const device = await generateDeviceKey();
    const holderKey = Buffer.from(exportPublicKey(device)).toString('base64url');
    const ended = await run(['issue', '--region', '370202', '--holder-key', holderKey, '--data', data, '--json']);
    expect(ended.code).toBe(0);
    const { text } = JSON.parse(ended.stdout);
    expect((await run(['verify', text, '--data', data])).stdout).toContain('not_presented');
    const challenge = Buffer.from('a challenge');
    const options = { currentDate: new Date(), audience: 'H37020200001', challenge: new Uint8Array(challenge) };
    const shown = (await presentCredential(text, device, options)).text;
    const asked = ['--audience', 'H37020200001', '--challenge', challenge.toString('base64url'), '--business', '01301'];
    const verified = await run(['verify', shown, ...asked, '--data', data]);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('answers the challenge 已应答');
    expect((await run(['verify', shown, '--data', data])).stdout).toContain('wrong_audience');
    const inspected = await run(['inspect', shown, '--json']);
    expect(JSON.parse(inspected.stdout).unverified).toMatchObject({
      holderKey,
      presentation: { audience: 'H37020200001', challenge: challenge.toString('base64url') },
    });
    expect((await run(['inspect', shown])).stdout).toContain('Presented by a device 由设备出示');
    expect((await run(['inspect', text])).stdout).toContain('shown like this it is a copy');
    const person = await run(['issue', '--region', '370202', '--holder-key', holderKey, '--data', data]);
    expect(person.stdout).not.toContain('█');
  });

  it('verify says who acts for whom, and inspect that it was lent', async () => {
    const [holder, other] = await Promise.all([generateDeviceKey(), generateDeviceKey()]);
    const encode = (key: typeof holder) => Buffer.from(exportPublicKey(key)).toString('base64url');
    const request = {
      claims: { ...PERSON, delegable: true, businessTypes: ['01301'] },
      holderKey: encode(holder),
      redact: ['scheme'],
    };
    const ended = await run(['issue', '--from', '-', '--data', data, '--json'], { input: JSON.stringify(request) });
    const currentDate = new Date();
    const lent = await delegateCredential(JSON.parse(ended.stdout).text, holder, {
      currentDate,
      delegate: { name: '王虚构', relation: '2' },
      delegateKey: exportPublicKey(other),
      expiresAt: new Date(currentDate.getTime() + 3_600_000),
    });
    const shown = (await presentCredential(lent.text, other, { currentDate })).text;
    const verified = await run(['verify', shown, '--business', '01301', '--data', data]);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('李**');
    expect(verified.stdout).toContain('delegate 代办人   王** (Child 子女)');
    expect(verified.stdout).toContain('the holder 持有人');
    expect(verified.stdout).toContain('not shown 未出示  1');
    expect((await run(['verify', shown, '--business', '01101', '--data', data])).stdout).toContain(
      'business_not_allowed',
    );
    const inspected = await run(['inspect', shown, '--json']);
    expect(JSON.parse(inspected.stdout).unverified.delegation).toMatchObject({
      delegate: { relation: '2' },
      delegateKey: encode(other),
    });
    expect((await run(['inspect', shown])).stdout).toContain('Lent by the holder 持有人授权代办');
  });

  it('verify reads a picture', async () => {
    const { text } = await issue();
    const picture = path.join(folder, 'slip.png');
    await writeFile(picture, await renderQr(text, { format: 'png' }));
    expect((await run(['verify', picture, '--data', data])).code).toBe(0);
    expect((await run(['inspect', picture])).code).toBe(0);
  });

  it('verify needs no data folder but fetched lists, and a missing status list is no yes', async () => {
    const { id, text } = await issue();
    const { process, url } = await startProcess(data);
    const trust = path.join(await makeFolder(), 'trust');
    await mkdir(path.join(trust, 'status-lists'), { recursive: true });
    const save = async (address: string, file: string) =>
      writeFile(path.join(trust, file), Buffer.from(await (await fetch(url + address)).arrayBuffer()));
    await save('/v1/roots', 'roots.json');
    await save('/v1/trust-list', 'trust-list.cose');
    const without = await run(['verify', text, '--trust', trust]);
    expect(without.code).toBe(1);
    expect(without.stdout).toContain('COULD NOT BE CHECKED 无法完成核验: status_unknown');
    await save('/v1/status-lists/1', 'status-lists/1.cwt');
    expect((await run(['verify', text, '--trust', trust])).code).toBe(0);
    await run(['revoke', id, '--data', data]);
    await save('/v1/status-lists/1', 'status-lists/1.cwt');
    process.child.kill('SIGTERM');
    await process.ended;
    expect((await run(['verify', text, '--trust', trust])).code).toBe(1);
  });

  it('revoke is noticed by a service that runs on the same folder', async () => {
    const { id, text } = await issue();
    const { process, url } = await startProcess(data);
    const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
    expect((await verifyText({ url, keys }, text)).body.ok).toBe(true);
    expect((await run(['revoke', id, '--data', data])).code).toBe(0);
    expect((await verifyText({ url, keys }, text)).body.code).toBe('revoked');
    process.child.kill('SIGTERM');
    await process.ended;
  });

  it('keygen makes a signing key, after which old and new codes are valid, and API keys by role', async () => {
    const before = await issue();
    const made = await run(['keygen', '--data', data, '--json']);
    expect(JSON.parse(made.stdout)).toMatchObject({ kid: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const after = await issue();
    for (const { text } of [before, after]) expect((await run(['verify', text, '--data', data])).code).toBe(0);
    const operator = await run(['keygen', '--operator', '二楼收费处', '--role', 'verifier', '--data', data, '--json']);
    expect(JSON.parse(operator.stdout)).toMatchObject({ apiKey: expect.stringMatching(/^zk_[\w-]{43}$/) });
  });

  it('receipt shows one of the folder, and verifies one offline with the keys that are believed', async () => {
    expect((await run(['organisation', 'add', 'P37020000009', '--name', '平安药房', '--data', data])).code).toBe(0);
    const words = ['keygen', '--operator', '收银', '--role', 'verifier', '--organisation', 'P37020000009'];
    const made = JSON.parse((await run([...words, '--data', data, '--json'])).stdout);
    expect(made.operator).toMatchObject({ organisation: 'P37020000009' });
    const { process, url } = await startProcess(data);
    const keys = { issuer: apiKey, verifier: made.apiKey, administrator: apiKey };
    const { receipt } = (await verifyText({ url, keys }, (await issue()).text)).body;
    const [key] = ((await (await fetch(`${url}/v1/receipt-keys`)).json()) as { keys: string[] }).keys;
    process.child.kill('SIGTERM');
    await process.ended;
    const shown = await run(['receipt', receipt.id, '--data', data]);
    expect(shown.code).toBe(0);
    for (const part of ['P37020000009', made.operator.id, receipt.id, receipt.signed]) {
      expect(shown.stdout).toContain(part);
    }
    const [text, bytes, forged] = ['receipt.txt', 'receipt.cose', 'forged.txt'].map((name) => path.join(folder, name));
    await writeFile(text as string, `${receipt.signed}\n`);
    await writeFile(bytes as string, Buffer.from(receipt.signed, 'base64url'));
    await writeFile(forged as string, `${receipt.signed.slice(0, -4)}AAAA`);
    const check = (...more: string[]) => run(['receipt', 'verify', ...more, '--json']);
    for (const file of [text, bytes] as string[]) {
      const checked = await check(file, '--key', key as string);
      expect(checked.code).toBe(0);
      expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, receipt: { organisation: 'P37020000009' } });
    }
    const wrong = await check(forged as string, '--key', key as string);
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, code: 'bad_signature' });
    const other = Buffer.from(exportPublicKey(await generateDeviceKey())).toString('base64url');
    expect(JSON.parse((await check(text as string, '--key', other)).stdout)).toMatchObject({ code: 'unknown_key' });
    expect((await check(text as string, '--key', other, '--key', key as string)).code).toBe(0);
    expect((await check(text as string, '--key', 'AAAA')).code).toBe(2);
  });

  it('keygen withdraws an API key by name or id, in a running service too, and asks which when several match', async () => {
    const name = '三楼收费处';
    const add = async () =>
      JSON.parse((await run(['keygen', '--operator', name, '--role', 'verifier', '--data', data, '--json'])).stdout);
    const [lost, kept] = [await add(), await add()];
    const { process, url } = await startProcess(data);
    const ask = async (key: string) => (await post(`${url}/v1/verifications`, key, { text: 'x' })).status;
    expect(await ask(lost.apiKey)).toBe(200);
    const several = await run(['keygen', '--withdraw', name, '--data', data]);
    expect(several.code).toBe(2);
    expect(oneSentence(several.stderr)).toContain(kept.operator.id);
    expect((await run(['keygen', '--withdraw', lost.operator.id, '--data', data])).code).toBe(0);
    expect([await ask(lost.apiKey), await ask(kept.apiKey)]).toEqual([401, 200]);
    expect((await run(['keygen', '--withdraw', name, '--data', data])).code).toBe(0);
    expect(await ask(kept.apiKey)).toBe(401);
    process.child.kill('SIGTERM');
    await process.ended;
  });

  it('private files are the owner’s alone, and a key that others can read is refused', async () => {
    const keys = path.join(data, 'keys');
    const names = await readdir(keys);
    expect(names).toContain('root.key');
    for (const name of names) expect((await stat(path.join(keys, name))).mode & 0o777).toBe(0o600);
    await chmod(path.join(keys, 'root.key'), 0o644);
    const ended = await run(['verify', 'ZM1:X', '--data', data]);
    await chmod(path.join(keys, 'root.key'), 0o600);
    expect(ended.code).toBe(3);
    expect(oneSentence(ended.stderr)).toContain('chmod 600');
  });
});

describe('exit codes and sentences', () => {
  it('2 for a command or an input that is wrong', async () => {
    const cases = [
      [],
      ['nonsense'],
      ['verify'],
      ['verify', 'a', 'b'],
      ['verify', '--nonsense'],
      ['issue', '--data', data],
      ['issue', '--from', '/nonexistent', '--data', data],
      ['issue', '--region', '110101', '--data', data],
      ['issue', '--region', '370202', '--holder-key', 'AAAA', '--data', data],
      ['issue', '--from', '-', '--holder-key', 'AAAA', '--data', data],
      ['issue', '--region', '370202', '--max-delegates', 'many', '--data', data],
      ['verify', 'ZM1:X', '--business', '1301', '--data', data],
      ['verify', 'ZM1:X', '--challenge', 'AAAA', '--data', data],
      ['serve', '--max-delegates', '-1', '--data', data],
      ['revoke', 'nonsense', '--data', data],
      ['revoke', '0123456789abcdef', '--data', data],
      ['serve', '--port', 'http', '--data', data],
      ['serve', '--port', '65536', '--data', data],
      ['serve', '--host', '0.0.0.0', '--data', data],
      ['serve', '--public-url', 'ftp://x', '--data', data],
      ['init', '--issuer', 'x y', '--issuer-name', 'n', '--regions', '37', '--data', path.join(folder, 'never')],
      ['init', '--issuer', 'x', '--issuer-name', 'n', '--regions', 'all', '--data', path.join(folder, 'never')],
      ['keygen', '--operator', 'x', '--data', data],
      ['keygen', '--operator', '', '--role', 'verifier', '--data', data],
      ['keygen', '--operator', ' ', '--role', 'verifier', '--data', data],
      ['keygen', '--operator', 'x', '--role', 'verifier', '--organisation', ' ', '--data', data],
      ['keygen', '--operator', 'x', '--role', 'verifier', '--organisation', 'x'.repeat(65), '--data', data],
      ['keygen', '--organisation', 'H37020000001', '--data', data],
      ['keygen', '--withdraw', 'x', '--organisation', 'H37020000001', '--data', data],
      ['receipt', '--data', data],
      ['receipt', 'nonsense', '--data', data],
      ['receipt', '0'.repeat(32), '--data', data],
      ['receipt', 'verify', '--key', 'AAAA'],
      ['receipt', 'verify', '/nonexistent', '--key', 'AAAA'],
      ['receipt', 'verify', '/nonexistent'],
      ['keygen', '--withdraw', '', '--data', data],
      ['keygen', '--withdraw', 'nobody', '--data', data],
      ['keygen', '--withdraw', 'x', '--operator', 'x', '--role', 'verifier', '--data', data],
    ];
    for (const words of cases) {
      const ended = await run(words);
      expect(ended.code, words.join(' ')).toBe(2);
      if (words.length > 0) oneSentence(ended.stderr);
    }
  });

  it('3 for a busy port, for `serve` and for `start`', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    for (const command of ['serve', 'start']) {
      const ended = await run([command, '--port', String(port), '--data', data]);
      expect(ended.code).toBe(3);
      expect(oneSentence(ended.stderr)).toContain(`Port ${port} is in use by another program`);
    }
    const fresh = path.join(folder, 'fresh');
    const ended = await run(['start', '--port', String(port), '--data', fresh]);
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(oneSentence(ended.stderr)).toContain('choose another with ZHENGMA_PORT');
    expect(existsSync(fresh)).toBe(false);
    other.close();
  });

  it('3 for a clock that stands before the issuer’s key may sign', async () => {
    const { data: future } = await initialise();
    const raw = new DatabaseSync(path.join(future, 'zhengma.sqlite'));
    raw.prepare('update issuer_keys set signs_from = ?').run(Date.now() + 86_400_000);
    raw.close();
    for (const command of ['serve', 'start']) {
      const ended = await run([command, '--port', '0', '--data', future]);
      expect(ended.code).toBe(3);
      expect(oneSentence(ended.stderr)).toContain('The clock of this machine is earlier than');
    }
  });

  it('3 for a data folder that cannot be written, that is not set up, or that is set up already', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    for (const place of [path.join(file, 'data'), '/proc/zhengma']) {
      const ended = await run(['start', '--port', '0', '--data', place]);
      expect(ended.code).toBe(3);
      expect(oneSentence(ended.stderr)).toContain('cannot be written');
    }
    const missing = path.join(folder, 'missing');
    expect(oneSentence((await run(['serve', '--data', missing])).stderr)).toContain('There is no data in');
    expect((await run(['verify', 'ZM1:X', '--data', missing])).code).toBe(3);
    const again = await run(['init', '--issuer', 'x', '--issuer-name', 'n', '--regions', '37', '--data', data]);
    expect(again.code).toBe(3);
  });

  it('--help says for each command what it takes and the exit codes', async () => {
    const all = await run(['--help']);
    expect(all.code).toBe(0);
    const names = [
      ...[
        'start',
        'init',
        'keygen',
        'keys',
        'organisation',
        'issue',
        'verify',
        'revoke',
        'inspect',
        'receipt',
        'audit',
      ],
      ...['serve', 'config'],
    ];
    for (const name of names) {
      expect(all.stdout).toContain(`  ${name}`);
      const help = await run([name, '--help']);
      expect(help.code).toBe(0);
      expect(help.stdout).toContain('Exit codes: 0');
      expect(help.stdout).toContain('--json');
    }
  });

  it('with --json, failures are one JSON object too', async () => {
    const ended = await run(['verify', '--json']);
    expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code: 'usage', message: expect.any(String) } });
  });
});

describe('start', () => {
  it('sets up, issues, verifies and serves; a second start reuses all of it', async () => {
    const cwd = await makeFolder();
    const first = new Zhengma(['start', '--port', '0'], { cwd });
    const [, url] = await first.waitFor(/Serving 服务已启动: (\S+)/);
    await first.waitFor(/Ctrl\+C/);
    expect(first.stdout).toContain('new 新建');
    expect(first.stdout).toMatch(/API key, shown once 仅显示一次: zk_/);
    expect(first.stdout).toContain('█');
    expect(first.stdout).toContain('✓ VALID 有效');
    expect(first.stdout).toContain(`${url}/scan/`);
    expect(first.stdout).toContain(`${url}/docs`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(first.stderr).not.toContain('listening');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    const [, code] = /\/wallet\/#(\S+)/.exec(first.stdout) ?? [];
    expect(Buffer.from(code ?? '', 'base64url').toString()).toMatch(/^ZM1:/);

    const second = new Zhengma(['start', '--port', '0'], { cwd });
    await second.waitFor(/Ctrl\+C/);
    expect(second.stdout).toContain('reused 沿用已有数据');
    expect(second.stdout).not.toContain('zk_');
    expect(second.stdout).toContain(`/wallet/#${code}`);
    expect(second.stdout).toContain('✓ VALID 有效');
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  it('shows the first credential as it is now: revoked stays revoked', async () => {
    const cwd = await makeFolder();
    const first = new Zhengma(['start', '--port', '0', '--json'], { cwd });
    const [line] = await first.waitFor(/\{.*\}/);
    const { text, verification, apiKey: shown, url } = JSON.parse(line);
    expect((await post(`${url}/v1/verifications`, shown, { text })).body).toMatchObject({ ok: true });
    expect(text).toMatch(/^ZM1:/);
    await run(['revoke', verification.credential.id], { cwd });
    first.child.kill('SIGTERM');
    await first.ended;
    const second = new Zhengma(['start', '--port', '0'], { cwd });
    await second.waitFor(/Ctrl\+C/);
    expect(second.stdout).toContain('NOT VALID 无效: revoked');
    second.child.kill('SIGTERM');
    await second.ended;
  });
});
