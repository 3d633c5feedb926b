import { createHash, createHmac, randomBytes } from 'node:crypto';
import { CODE_KINDS, classifyCode } from '@zhengma/credential-core/codes';
import type { EcCode } from './ec-codes.ts';
import { describePerson, type EcOutcome } from './ec-query.ts';
import { createEcToken, readEcToken } from './ec-token.ts';
import { type Identity, isSamePerson } from './identities.ts';

/** Nobody: invented names, and numbers that were made up and given their check digit. */
const PEOPLE = [
  { name: '张模拟', idNumber: '37020219900307002X', region: '370202' },
  { name: '李示例', idNumber: '370202199003070038', region: '370202' },
  { name: '王虚构', idNumber: '370202198511241142', region: '370203' },
] as const;

/** What an integrator sends to see a refusal. */
const REFUSALS: Readonly<Record<string, readonly [EcCode, string]>> = {
  'SIM:expired': [-50, 'expired'],
  'SIM:replayed': [-50, 'replayed'],
  'SIM:revoked': [-215, 'revoked'],
  'SIM:unchecked': [-1, 'status_unknown'],
};

/** Answers as `queryCode` and `checkEcToken` would, with people who do not exist: nothing is verified and nothing is kept. */
export class EcSimulation {
  readonly #secret = randomBytes(32);
  readonly #tokenSeconds: number;
  readonly #currentDate: () => Date;

  constructor({ tokenSeconds, currentDate }: { tokenSeconds: number; currentDate: () => Date }) {
    this.#tokenSeconds = tokenSeconds;
    this.#currentDate = currentDate;
  }

  /** One text is always the same person. */
  async query(code: string, organisation: string): Promise<EcOutcome> {
    const refusal = REFUSALS[code];
    if (refusal) return simulated({ code: refusal[0], data: {}, zhengma: { code: refusal[1] } });
    const { kind } = classifyCode(code);
    if (kind !== 'zhengma') {
      const { advice } = CODE_KINDS[kind];
      return simulated({ code: 500159, data: {}, zhengma: { code: 'not_zhengma', kind, advice } });
    }
    const id = createHash('sha256').update(code).digest('hex').slice(0, 16);
    const { region, ...identity } = findPerson(id);
    const expiresAt = new Date(this.#currentDate().getTime() + this.#tokenSeconds * 1000);
    const ecToken = await createEcToken({ credential: id, expiresAt }, { region, organisation }, this.#authenticate);
    const data = describePerson(identity, { region, ecToken, authNo: '0'.repeat(32), ecIndexNo: id });
    return simulated({ code: 0, data, zhengma: { code: 'valid', tokenExpiresAt: expiresAt } });
  }

  async checkToken(
    { token, idType, person }: { token: string; idType: string; person: Required<Identity> },
    organisation: string,
  ): Promise<EcOutcome> {
    const found = await readEcToken(token, organisation, this.#authenticate);
    const no = { flag: 0 } as const;
    if (!found) return simulated({ code: -215, data: no, zhengma: { code: 'token_not_valid' } });
    if (found.expiresAt <= this.#currentDate())
      return simulated({ code: -113, data: no, zhengma: { code: 'token_expired' } });
    const isSame = isSamePerson(findPerson(found.credential), person) && idType === '01';
    return isSame
      ? simulated({ code: 0, data: { flag: 1 }, zhengma: { code: 'matched' } })
      : simulated({ code: 0, data: no, zhengma: { code: 'not_matched' } });
  }

  readonly #authenticate = async (bytes: Uint8Array): Promise<Uint8Array> =>
    createHmac('sha256', this.#secret).update(bytes).digest();
}

function findPerson(id: string): (typeof PEOPLE)[number] {
  return PEOPLE[Number.parseInt(id.slice(0, 8), 16) % PEOPLE.length] as (typeof PEOPLE)[number];
}

function simulated(outcome: EcOutcome): EcOutcome {
  return {
    ...outcome,
    zhengma: { ...outcome.zhengma, simulation: true, notice: '模拟数据，虚构人员 Simulation: fictional people' },
  };
}
