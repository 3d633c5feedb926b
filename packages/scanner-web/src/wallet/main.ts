import '../look/stop-if-old.ts';
import '@zhengma/code-element/define';
import type { Person, ZhengmaCode } from '@zhengma/code-element';
import { peekCredential } from '@zhengma/credential-core/verify';
import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { renderEnrolPanel } from './enrol-panel.ts';
import { readFragment, readPasted } from './fragment.ts';
import { renderAddPanel, renderKeepPanel, renderPeoplePanel } from './keep-panel.ts';
import { type KeptPerson, openWalletStore } from './wallet-store.ts';
import { walletWordsOf } from './wallet-words.ts';
import '../look/look.css';
import './wallet.css';

let language = recallLanguage();
/** What the address brought and this phone does not keep. */
let brought: string | undefined;
let addressProblem: 'nothing' | 'unreadable' | undefined;
let people: readonly KeptPerson[] = [];

const code = document.createElement('zhengma-code') as ZhengmaCode;
code.toggleAttribute('large', true);
const storeReady = openWalletStore().catch(() => undefined);

addEventListener('hashchange', readAddress);
// Where the browser keeps no data it keeps no page either; the page works all the same while there is a network.
navigator.serviceWorker?.register('/wallet/sw.js', { scope: '/wallet/' }).catch(() => undefined);
await loadPeople();
await readAddress();

async function loadPeople(): Promise<void> {
  people = (await (await storeReady)?.readPeople()) ?? [];
}

async function readAddress(): Promise<void> {
  brought = undefined;
  addressProblem = location.hash.length <= 1 ? 'nothing' : undefined;
  if (!addressProblem && !takeCredential(readFragment(location.hash))) addressProblem = 'unreadable';
  await showWallet(true);
}

/** @returns whether it is a credential; one that is kept already is shown from there */
function takeCredential(text: string | null): boolean {
  const id = text === null ? undefined : readId(text);
  if (text === null || id === undefined) return false;
  brought = people.some((person) => person.credential === text) ? undefined : text;
  const place = people.findIndex((person) => person.credential === text);
  showPeople(place < 0 ? people.length : place);
  return true;
}

function readId(text: string): string | undefined {
  const peeked = peekCredential(text);
  return peeked.ok ? peeked.unverified.id : undefined;
}

async function showPeople(selected: number): Promise<void> {
  const key = (await storeReady)?.deviceKey;
  const shown: readonly Pick<KeptPerson, 'credential' | 'label'>[] = brought
    ? [...people, { credential: brought }]
    : people;
  code.people = shown.map(
    ({ credential, label }): Person => ({ credential, ...(key && { key }), ...(label && { label }) }),
  );
  if (selected < shown.length) code.selected = selected;
}

async function showWallet(isNewAddress = false): Promise<void> {
  const [words, own, store] = [wordsOf(language), walletWordsOf(language), await storeReady];
  if (isNewAddress && !brought) await showPeople(0);
  document.documentElement.lang = language;
  document.title = `${words.wallet.title} · ${words.brand}`;
  const hasCode = brought !== undefined || people.length > 0;
  const problem = addressProblem === 'nothing' && hasCode ? undefined : addressProblem;
  const content = [
    problem ? element('p', { class: 'message' }, words.wallet[problem]) : null,
    hasCode ? code : null,
    hasCode
      ? element('p', { class: 'unverified' }, icon('unsure'), element('span', {}, words.wallet.unverified))
      : null,
    brought !== undefined && store ? renderKeepPanel(own, keepBrought) : null,
    store && people.length > 0
      ? renderPeoplePanel(
          people.map((person) => ({ ...person, name: nameOf(person) })),
          own,
          removePerson,
        )
      : null,
    store ? renderAddPanel(own, addPasted) : null,
    store ? await renderEnrolPanel(store.deviceKey, own) : element('p', { class: 'panel' }, own.noDeviceKey),
  ];
  document.body.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'brand' },
        element('img', { src: '/scan/icon.svg', alt: '', width: '40', height: '40' }),
        element('span', { class: 'brand-name' }, words.wallet.title),
      ),
      element(
        'button',
        { class: 'button small language', type: 'button', lang: otherLanguage(language), click: switchLanguage },
        words.languageSwitch,
      ),
    ),
    element('main', {}, ...content),
    element('footer', {}, words.notAffiliated),
  );
}

function nameOf({ credential, label }: KeptPerson): string {
  const peeked = peekCredential(credential);
  return label ?? (peeked.ok ? peeked.unverified.claims.name : undefined) ?? walletWordsOf(language).person;
}

async function keepBrought(label: string): Promise<boolean> {
  const id = brought && readId(brought);
  const store = await storeReady;
  if (!brought || !id || !store) return false;
  try {
    await store.keepPerson({ id, credential: brought, keptAt: new Date(), ...(label && { label }) });
  } catch {
    return false;
  }
  await loadPeople();
  brought = undefined;
  // The address need not carry any longer what this phone keeps.
  history.replaceState(null, '', location.pathname);
  addressProblem = 'nothing';
  await showPeople(people.findIndex((person) => person.id === id));
  await showWallet();
  return true;
}

async function removePerson(id: string): Promise<void> {
  await (await storeReady)?.removePerson(id);
  await loadPeople();
  await showPeople(0);
  await showWallet();
}

function addPasted(pasted: string): boolean {
  if (!takeCredential(readPasted(pasted))) return false;
  addressProblem = undefined;
  showWallet();
  scrollTo(0, 0);
  return true;
}

function switchLanguage(): void {
  language = otherLanguage(language);
  rememberLanguage(language);
  showWallet();
}
