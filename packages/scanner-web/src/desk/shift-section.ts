import { BUSINESS_TYPES } from '@zhengma/credential-core/codes';
import { element } from '../look/element.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import type { DeskState } from './desk-state.ts';
import { deskWordsOf } from './desk-words.ts';

/** Who works here, for what, and how their shift ends. */
export interface ShiftSection {
  readonly root: HTMLElement;
  show(state: DeskState): void;
}

/** What an operator can do with their shift. */
export interface ShiftActions {
  readonly onBusinessType: (code: string | undefined) => void;
  readonly onChange: () => void;
  readonly onSignOut: () => void;
}

/** The section of whoever is signed in. */
export function createShiftSection({ onBusinessType, onChange, onSignOut }: ShiftActions): ShiftSection {
  const heading = element('h2', {});
  const who = element('p', { class: 'desk-operator' });
  const since = element('p', { class: 'desk-hint' });
  const label = element('label', { for: 'operator-business' });
  const business = element('select', {
    id: 'operator-business',
    change: () => onBusinessType(business.value === '' ? undefined : business.value),
  });
  const change = element('button', { class: 'button', type: 'button', click: onChange });
  const signOut = element('button', { class: 'button', type: 'button', click: onSignOut });
  const root = element(
    'section',
    { class: 'desk-section' },
    heading,
    who,
    since,
    label,
    business,
    element('p', { class: 'choices' }, change, signOut),
  );
  let offered = '';

  return {
    root,
    show({ shift, language, businessType }) {
      root.hidden = shift === undefined;
      if (!shift) return;
      const words = deskWordsOf(language);
      const { name, organisation, scope } = shift.operator;
      heading.textContent = words.shift.heading;
      who.textContent = `${name} · ${organisation}`;
      since.textContent = [
        words.shift.since(describeInstant(shift.startedAt, language)),
        ...(shift.isConfirmed ? [] : [words.unconfirmed]),
      ].join(' · ');
      label.textContent = words.shift.businessType;
      const codes = listBusinessTypes(scope.businessTypes, businessType);
      const offer = JSON.stringify([language, codes]);
      if (offer !== offered) business.replaceChildren(...createOptions(codes, words.shift.unsaid, language));
      offered = offer;
      business.value = businessType ?? '';
      change.textContent = words.shift.change;
      signOut.textContent = words.shift.signOut;
    },
  };
}

/** Those of the operator's scope; without one all, also a regional one that was chosen before. Empty: not said. */
function listBusinessTypes(scope: readonly string[] | undefined, chosen: string | undefined): readonly string[] {
  if (scope) return scope;
  const codes: string[] = BUSINESS_TYPES.map(({ code }) => code);
  return ['', ...codes, ...(chosen !== undefined && !codes.includes(chosen) ? [chosen] : [])];
}

function createOptions(codes: readonly string[], unsaid: string, language: Language): HTMLElement[] {
  return codes.map((code) => {
    const name = nameBusinessType(code, language);
    return element('option', { value: code }, code === '' ? unsaid : name === code ? code : `${code} ${name}`);
  });
}
