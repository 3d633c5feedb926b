import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { peekCredential } from '@zhengma/credential-core/verify';
import type { ActionDeps } from '../actions/deps.ts';
import { issue } from '../actions/issue.ts';
import { actLocally } from '../actions/set-up.ts';
import { writeFileDurably } from '../durable-files.ts';

/** Nobody: an invented name, and an ID number that was made up and given its GB 11643 check digit. */
const FICTIONAL_PERSON = {
  name: '张小明',
  idNumber: '37020219900307002X',
  region: '370202',
  scheme: '310',
  personClass: '11',
  enrolment: '1',
};

/**
 * The credential of the first start, whose QR text is kept in the data folder (mode 0600) so that later starts show the
 * same code. `isNew` when it had to be issued: none was kept, or it has expired.
 */
export async function findOrIssueSample(
  dataFolder: string,
  deps: ActionDeps,
): Promise<{ text: string; isNew: boolean }> {
  const file = path.join(dataFolder, 'sample-credential.txt');
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (kept !== undefined && isCurrent(kept, deps.currentDate())) return { text: kept, isNew: false };
  const { text } = await issue({ claims: FICTIONAL_PERSON }, await actLocally(deps), deps);
  await rm(file, { force: true });
  await writeFileDurably(file, `${text}\n`);
  return { text, isNew: true };
}

function isCurrent(text: string, currentDate: Date): boolean {
  const peeked = peekCredential(text);
  return peeked.ok && peeked.unverified.expiresAt > currentDate;
}
