export type Role = 'issuer' | 'verifier' | 'auditor' | 'administrator';

/** An actor with what they are held to. */
export interface Caller extends Actor {
  readonly scope: OperatorScope;
}

/** A region, a hall, a station, a hospital: whoever operators work for, in a tree. */
export interface Organisation {
  /** Its code, such as H37020000001. */
  readonly id: string;
  readonly name: string;
  /** Absent for the root, which is the issuer's. */
  readonly parent?: string;
  /** From then on nobody of it, or of what is below it, is let in. */
  readonly disabledAt?: Date;
}

/** What an operator is held to, within their role. An absent member does not restrict. */
export interface OperatorScope {
  /** GB/T 2260 prefixes of the regions that they issue for. */
  readonly regions?: readonly string[];
  /** The credential types that they issue. */
  readonly types?: readonly string[];
  /** What they may verify for 用码业务类型. */
  readonly businessTypes?: readonly string[];
  /** Without it no answer to them has an ID number in full. */
  readonly readIdNumbers?: true;
}

/** Who acts. */
export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The code of the organisation that the operator works for, such as H37020000001. */
  readonly organisation: string;
  readonly scope: OperatorScope;
  /** A volunteer's end, for instance. */
  readonly expiresAt?: Date;
  readonly disabledAt?: Date;
}

/** An operator, and how they can come in. */
export interface ListedOperator extends Operator {
  /** How many of their API keys are in force. */
  readonly apiKeys: number;
  /** Whether a subject of an OpenID provider is linked to them. */
  readonly linked: boolean;
}

/** An API key. The key itself is never stored: `hash` is what a presented one is looked up by. */
export interface ApiKeyRecord {
  readonly hash: string;
  readonly operator: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
}

/** Who did something, and for which organisation at that time. */
export interface Actor {
  readonly operator: string;
  readonly organisation: string;
}

/** Calls of a HIS that name this organisation and come from this network are, without a key, those of this operator. */
export interface HisGrant {
  readonly organisation: string;
  /** An address, a slash and the length of the prefix, as 10.20.0.0/16. */
  readonly network: string;
  /** The id of an operator of the organisation. */
  readonly operator: string;
}
