import { maskVerdict } from '../verdict/masking.ts';
import type { Person, Verdict } from '../verdict/verdict.ts';
import type { Placeholder } from './clipboard-template.ts';

/** What a HIS is handed over: a verdict, by whom and for what. What is not known is not there. */
export interface HandOverMessage {
  readonly version: 1;
  readonly tone: Verdict['tone'];
  readonly code: Verdict['code'];
  /** RFC 3339, in UTC. */
  readonly checkedAt: string;
  /** Id of the receipt, 32 hexadecimal digits. */
  readonly receipt?: string;
  readonly businessType?: string;
  /** Id of the operator. */
  readonly operator?: string;
  readonly windowNumber?: string;
  /** A kiosk, by the word that HIS interfaces have for it. */
  readonly deviceType?: 'SelfService';
  /** Masked, as the page shows it. */
  readonly person?: Pick<Person, 'name' | 'idNumber' | 'region' | 'scheme' | 'personClass' | 'priority' | 'enrolment'>;
  /** Who acts for the person, masked. */
  readonly delegate?: { readonly name: string; readonly relation: string };
  /** The code itself, where the settings of the device say so. */
  readonly text?: string;
}

/** What stands beside a verdict. */
export type Circumstances = Pick<
  HandOverMessage,
  'receipt' | 'businessType' | 'operator' | 'windowNumber' | 'deviceType' | 'text'
>;

/** What a code carries in full is masked here: what a HIS may know so it asks the service for. */
export function describeHandOver(verdict: Verdict, circumstances: Circumstances): HandOverMessage {
  const { tone, code, checkedAt, person, delegate } = maskVerdict(verdict);
  return {
    version: 1,
    tone,
    code,
    checkedAt: checkedAt.toISOString(),
    ...circumstances,
    ...(person && { person: describePerson(person) }),
    ...(delegate && { delegate: { name: delegate.name, relation: delegate.relation } }),
  };
}

/** What a template can name of it. */
export function listValues(message: HandOverMessage): Readonly<Record<Placeholder, string>> {
  const {
    receipt = '',
    tone,
    code,
    checkedAt,
    businessType = '',
    operator = '',
    windowNumber = '',
    person,
    text = '',
  } = message;
  return {
    receipt,
    tone,
    code,
    checkedAt,
    businessType,
    operator,
    window: windowNumber,
    name: person?.name ?? '',
    idNumber: person?.idNumber ?? '',
    text,
  };
}

function describePerson({ name, idNumber, region, scheme, personClass, priority, enrolment }: Person) {
  return {
    region,
    ...(name !== undefined && { name }),
    ...(idNumber !== undefined && { idNumber }),
    ...(scheme !== undefined && { scheme }),
    ...(personClass !== undefined && { personClass }),
    ...(priority && { priority }),
    ...(enrolment !== undefined && { enrolment }),
  };
}
