import { labelCode, RELATIONS } from '@zhengma/credential-core/codes';
import type { VerificationResult, VerificationSuccess } from '@zhengma/credential-core/verify';

type Credential = NonNullable<VerificationResult['credential']>;

/** A verdict for people: the answer first, then why, then whose it is, who shows it and how old the lists are. */
export function describeVerdict(result: VerificationResult): string[] {
  const { credential, lists } = result;
  return [
    describeAnswer(result),
    ...(credential
      ? [
          `  issuer 签发方     ${credential.issuerName} (${credential.issuer})`,
          ...(credential.claims.name ? [`  name 姓名         ${credential.claims.name}`] : []),
          ...(credential.claims.idNumber ? [`  ID number 证件号  ${credential.claims.idNumber}`] : []),
          ...describeWithheld(credential),
          `  region 统筹区     ${credential.claims.region}`,
          `  id                ${credential.id}`,
          `  expires 有效期至  ${credential.expiresAt.toISOString()}`,
        ]
      : []),
    ...(result.ok ? describeShowing(result) : []),
    `  trust list 信任名单 ${lists.trust.issuedAt.toISOString()}`,
    ...(lists.status ? [`  status list 状态名单 ${lists.status.issuedAt.toISOString()}`] : []),
  ];
}

/** Decoys are counted too, so that there may be less behind them. */
function describeWithheld({ undisclosed = 0, withheld = [] }: Credential): string[] {
  const most = Math.min(undisclosed, withheld.length);
  return most === 0 ? [] : [`  not shown 未出示  ${most} at most 至多 ${most}: ${withheld.join(', ')}`];
}

function describeShowing({ presentation, delegate }: VerificationSuccess): string[] {
  const relation = (language: 'zh' | 'en') => delegate && labelCode(RELATIONS, delegate.relation, language);
  return [
    ...(presentation
      ? [
          `  presented 出示    ${presentation.presentedAt.toISOString()}${presentation.challenged ? ', answers the challenge 已应答' : ''}`,
        ]
      : []),
    ...(delegate
      ? [
          `  delegate 代办人   ${delegate.name} (${relation('en')} ${relation('zh')})`,
          `  granted by 授权   ${delegate.grantedBy === 'issuer' ? 'the issuer 签发方' : 'the holder 持有人'}, until 有效期至 ${delegate.expiresAt.toISOString()}`,
        ]
      : []),
  ];
}

function describeAnswer(result: VerificationResult): string {
  if (!result.ok) {
    const answer = result.conclusive ? '✗ NOT VALID 无效' : '? COULD NOT BE CHECKED 无法完成核验';
    return `${answer}: ${result.code} — ${result.detail}`;
  }
  return `✓ VALID 有效${result.bearer ? ' — compare the person with name and number 请核对本人' : ''}`;
}
