import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { renderQr } from '@zhengma/credential-core/qr';
import { expect, it } from 'vitest';
import { initialise, run, startProcess } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { OTHER_PERSON, PERSON } from './people.ts';
import { changeStatus, issuePerson, post, verifyText } from './service.ts';

const HIS = '/localcfc/api/hsecfc';

async function readAll(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, string]> => {
        const file = path.join(entry.parentPath, entry.name);
        return [file, (await readFile(file)).toString('latin1')];
      }),
  );
}

it('nothing that is written, on disk or in the log, holds a name, an ID number, a QR text or an API key, where identities are kept too', async () => {
  const { data, apiKey } = await initialise();
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  await run(['his', 'add', '370200', '--from', '127.0.0.1/32', '--read-id-numbers', '--data', data]);
  const { process, url } = await startProcess(data, { more: ['--identities', 'sealed'] });
  const texts: string[] = [];
  for (const person of [PERSON, OTHER_PERSON]) {
    const { body } = await issuePerson({ url, keys }, person);
    texts.push(body.text);
    await verifyText({ url, keys }, body.text);
    const picture = new Uint8Array(await renderQr(body.text, { format: 'png' }));
    await post(`${url}/v1/verifications`, apiKey, picture, 'image/png');
    await verifyText({ url, keys }, `${body.text.slice(0, -4)}!!!!`);
    await fetch(`${url}/${encodeURIComponent(person.name)}?id=${person.idNumber}`);
    await fetch(`${url}/v1/status-lists/${person.idNumber}`);
    await fetch(`${url}/v1/credentials/${person.idNumber}/status`, { method: 'POST' });
    await issuePerson({ url, keys }, { ...person, [person.idNumber]: person.name, region: person.name });
    await post(`${url}/v1/credentials`, apiKey, {
      claims: { region: person.region, delegate: { name: person.name, relation: '2' } },
      subject: person.idNumber,
    });
    await post(`${url}/v1/verifications?audience=${encodeURIComponent(person.name)}`, apiKey, picture, 'image/png');
    const holder = await issueToDevice(url, apiKey, {
      claims: { ...person, delegate: { name: person.name, relation: '2' } },
      subject: person.idNumber.slice(0, 12),
    });
    const shown = await holder.show();
    texts.push(shown);
    for (const businessType of ['01301', '01301', '01101']) {
      await post(`${url}/v1/verifications`, apiKey, { text: shown, businessType });
    }
    const asked = {
      transType: 'ec.query',
      orgId: '370200',
      data: { ecQrCode: body.text, operatorName: person.name },
    };
    const { idNo, ecToken } = (await post(`${url}${HIS}/localQrCodeQuery`, undefined, asked)).body.data;
    expect(idNo === person.idNumber).toBe(true);
    const named = { ecToken, idType: '01', idNo: person.idNumber, userName: person.name };
    const checked = await post(`${url}${HIS}/localEcTokenCheck`, undefined, { orgId: '370200', data: named });
    expect(checked.body.data.flag).toBe(1);
    texts.push(ecToken);
    await post(
      `${url}/v1/verifications/batch`,
      apiKey,
      `${JSON.stringify({ text: shown })}\n${shown}`,
      'application/x-ndjson',
    );
    await verifyText({ url, keys }, `${shown.slice(0, -2)}00`);
    await changeStatus({ url, keys }, body.id, 'revoked', 'lost');
    await post(`${url}/v1/credentials`, apiKey, `{"name":"${person.name}","idNumber":"${person.idNumber}"`);
  }
  const secrets = [apiKey, apiKey.slice(3), ...texts.flatMap((text) => [text, text.slice(4, 40)])];
  for (const { name, idNumber } of [PERSON, OTHER_PERSON]) {
    // What a code shows of a person is theirs too: masked, it stands in no row and no receipt.
    secrets.push(
      name,
      `${name.slice(0, 1)}**`,
      encodeURIComponent(name),
      idNumber,
      idNumber.slice(4),
      `*${idNumber.slice(-4)}`,
    );
  }
  const rows = new DatabaseSync(path.join(data, 'zhengma.sqlite'), { readOnly: true });
  for (const table of ['receipts', 'shown_codes', 'identities']) {
    expect(Number(rows.prepare(`select count(*) as n from ${table}`).get()?.['n'])).toBeGreaterThanOrEqual(
      table === 'identities' ? 2 : 4,
    );
  }
  rows.close();
  const whileRunning = await readAll(data);
  expect(whileRunning.some(([file]) => file.endsWith('-wal'))).toBe(true);
  process.child.kill('SIGTERM');
  const { stdout, stderr } = await process.ended;
  expect(stderr).toContain('/v1/credentials/:cti/status');
  const written: [string, string][] = [
    ...whileRunning,
    ...(await readAll(data)),
    ['stdout', Buffer.from(stdout).toString('latin1')],
    ['stderr', Buffer.from(stderr).toString('latin1')],
  ];
  for (const [place, content] of written) {
    for (const secret of secrets) {
      expect(content.includes(Buffer.from(secret).toString('latin1')), `${secret} in ${place}`).toBe(false);
    }
  }
});

it('the command line names the field it refuses, never the value', async () => {
  const { data } = await initialise();
  const wrong = `${PERSON.idNumber.slice(0, -1)}9`;
  const request = JSON.stringify({ claims: { ...PERSON, idNumber: wrong } });
  const ended = await run(['issue', '--from', '-', '--data', data], { input: request });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('/claims/idNumber');
  expect(ended.stderr + ended.stdout).not.toContain(wrong);
  expect(ended.stderr + ended.stdout).not.toContain(PERSON.name);
});
