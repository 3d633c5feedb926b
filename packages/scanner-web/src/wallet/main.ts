import '../look/stop-if-old.ts';
import '@zhengma/code-element/define';
import type { Person, ZhengmaCode } from '@zhengma/code-element';
import { peekCredential, type UnverifiedCredential } from '@zhengma/credential-core/verify';
import { ask } from '../look/ask.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { otherLanguage } from '../words/language.ts';
import { createEnrolment, type Enrolment } from './enrol-panel.ts';
import { readFragment, readPasted } from './fragment.ts';
import { createWalletPage, type WalletState } from './wallet-page.ts';
import { type KeptPerson, nameRow, openWalletStore, type WalletStore } from './wallet-store.ts';
import { walletWordsOf } from './wallet-words.ts';
import '../look/look.css';
import './wallet.css';

/** A database that does not open by then is treated as one that never does, until it does. */
const PATIENCE_SECONDS = 3;

let language = recallLanguage();
let storage: WalletState['storage'] = 'opening';
let store: WalletStore | undefined;
let enrolment: Enrolment | undefined;
let people: readonly KeptPerson[] = [];
/** What the address brought, or a person pasted, and this phone does not keep. */
let brought: string | undefined;
let isUnreadable = false;
/** What the element has now, in its order. */
let shown: readonly string[] = [];

const code = document.createElement('zhengma-code') as ZhengmaCode;
code.toggleAttribute('large', true);
const page = createWalletPage(document.body, code, {
  onLanguage: switchLanguage,
  onKeep: keepBrought,
  onAdd: addPasted,
  onRemove: removePerson,
});
/** Other pages of this phone show the same people. */
const others = new BroadcastChannel('zhengma-wallet');

readAddress();
addEventListener('hashchange', readAddress);
others.addEventListener('message', () => loadPeople());
openWalletStore().then(useStore, () => giveUp());
setTimeout(() => storage === 'opening' && giveUp(), PATIENCE_SECONDS * 1000);
// Where the browser keeps no data it keeps no page either; the page works all the same while there is a network.
navigator.serviceWorker?.register('/wallet/sw.js', { scope: '/wallet/' }).catch(() => undefined);

async function useStore(opened: WalletStore): Promise<void> {
  people = await opened.readPeople().catch(() => []);
  [store, storage, enrolment] = [opened, 'open', createEnrolment(opened.deviceKey)];
  showAgain();
}

function giveUp(): void {
  storage = 'none';
  showAgain();
}

function readAddress(): void {
  const text = readFragment(location.hash);
  brought = undefined;
  isUnreadable = location.hash.length > 1 && (text === null || !peek(text));
  if (!takeCredential(text)) showPeople(undefined);
}

/** @returns whether it is a credential; one that is kept already is shown from there */
function takeCredential(text: string | null): boolean {
  if (text === null || !peek(text)) return false;
  brought = text;
  showPeople(text);
  return true;
}

function peek(credential: string): UnverifiedCredential | undefined {
  const peeked = peekCredential(credential);
  return peeked.ok ? peeked.unverified : undefined;
}

/** With what was selected before, where it is still there. */
function showAgain(): void {
  showPeople(brought ?? shown[code.selected]);
}

function showPeople(selected: string | undefined): void {
  if (people.some(({ credential }) => credential === brought)) brought = undefined;
  const all: readonly Pick<KeptPerson, 'credential' | 'label'>[] = [
    ...people,
    // Until the key is there, nobody knows whether this phone can show what is bound to one.
    ...(brought && !(storage === 'opening' && peek(brought)?.holderKey) ? [{ credential: brought }] : []),
  ];
  shown = all.map(({ credential }) => credential);
  const key = store?.deviceKey;
  code.people = all.map(
    ({ credential, label }): Person => ({ credential, ...(key && { key }), ...(label && { label }) }),
  );
  code.selected = Math.max(0, selected === undefined ? 0 : shown.indexOf(selected));
  showPage();
}

function showPage(): void {
  page.show({
    language,
    storage,
    enrolment,
    people: people.map((person) => ({ ...person, name: nameOf(person) })),
    hasCode: shown.length > 0,
    isNew: brought !== undefined,
    isUnreadable,
  });
}

function nameOf({ credential, label }: Pick<KeptPerson, 'credential' | 'label'>): string {
  return label || peek(credential)?.claims.name || walletWordsOf(language).person;
}

async function loadPeople(): Promise<void> {
  people = (await store?.readPeople()) ?? [];
  showAgain();
}

async function keepBrought(label: string): Promise<'done' | 'failed'> {
  const credential = brought;
  if (!credential || !store) return 'failed';
  const namesakes = people.filter((person) => peek(person.credential)?.id === peek(credential)?.id);
  const replaced = await askReplacement(namesakes, nameOf({ credential, label }));
  if (replaced === 'nothing') return 'done';
  try {
    const person = { id: await nameRow(credential), credential, keptAt: new Date(), ...(label && { label }) };
    await store.keepPerson(person, replaced?.id);
    const kept = await store.readPeople();
    if (!kept.some((one) => one.credential === credential)) return 'failed';
    people = kept;
  } catch {
    return 'failed';
  }
  others.postMessage('changed');
  // The address need not carry any longer what this phone keeps.
  history.replaceState(null, '', location.pathname);
  page.clearLabel();
  showPeople(credential);
  return 'done';
}

/** The same number may be another version of the credential, somebody's permission for it, or a forgery: a person decides. */
async function askReplacement(
  namesakes: readonly KeptPerson[],
  name: string,
): Promise<KeptPerson | undefined | 'nothing'> {
  const [kept] = namesakes;
  if (!kept) return undefined;
  const words = walletWordsOf(language);
  const answer = await ask(words.confirmReplacement(nameOf(kept)), words.replacementMeans(nameOf(kept), name), [
    { answer: 'both', words: words.keepBoth },
    { answer: 'replace', words: words.replace, isDangerous: true },
    { answer: 'cancel', words: words.cancel },
  ]);
  if (answer === 'both') return undefined;
  return answer === 'replace' ? kept : 'nothing';
}

async function removePerson(id: string): Promise<'done' | 'failed'> {
  try {
    await store?.removePerson(id);
    await loadPeople();
  } catch {
    return 'failed';
  }
  others.postMessage('changed');
  return 'done';
}

function addPasted(pasted: string): boolean {
  if (!takeCredential(readPasted(pasted))) return false;
  isUnreadable = false;
  showPage();
  scrollTo(0, 0);
  return true;
}

function switchLanguage(): void {
  language = otherLanguage(language);
  rememberLanguage(language);
  showPage();
}
