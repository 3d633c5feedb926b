import type { VerificationCode } from '@zhengma/credential-core/verify';

/** What `ec.query` and its companion say, with the words that HIS developers know. */
export const EC_MESSAGES = {
  0: '处理成功 Done',
  500159: '请使用医保电子凭证二维码 Wrong kind of code',
  [-1]: '本地处理异常，未能核验 Could not be checked',
  [-50]: '二维码失效，请持码人刷新后再扫 The code is over: ask for a fresh one',
  [-113]: '卡令牌过期 The token has expired',
  [-215]: '无效卡令牌 Not valid',
} as const;

export type EcCode = keyof typeof EC_MESSAGES;

type Verdict = VerificationCode | 'replayed';

/** What a fresh code of the same credential may mend. */
const OVER: readonly Verdict[] = ['expired', 'delegation_expired', 'presentation_expired', 'replayed'];

/** The code that a HIS hears for a verdict that is not valid. */
export function toEcCode(verdict: Verdict, isConclusive: boolean): EcCode {
  if (verdict === 'not_zhengma') return 500159;
  if (!isConclusive) return -1;
  return OVER.includes(verdict) ? -50 : -215;
}
