import type { Words } from './table.ts';

/** What an operator is told about a kind of code: its name, and one sentence on what to do with it. */
export interface CodeKindWords {
  /** What was shown, as a heading. */
  readonly label: Words;
  /** What the operator does about it, in a sentence. */
  readonly advice: Words;
}

/**
 * Every kind that `classifyCode` tells apart. 电子社保卡 is none of them: no public specification of what its code holds was found,
 * so that it is `unknown`.
 */
export const CODE_KINDS = {
  official: {
    label: { zh: '国家医保码', en: 'Official insurance code (医保码)' },
    advice: {
      zh: '这是国家医保码，请用医院 HIS 或医保专用终端读取。',
      en: 'This is the official 医保码: read it with the HIS or an insurance terminal.',
    },
  },
  zhengma: {
    label: { zh: '证码', en: 'Zhengma code' },
    advice: { zh: '这是证码，请核验。', en: 'This is a Zhengma code: verify it.' },
  },
  'zhengma-other-version': {
    label: { zh: '其他版本的证码', en: 'Zhengma code of another version' },
    advice: {
      zh: '这是其他版本的证码，请更新核验程序后再扫。',
      en: 'This is a Zhengma code of another version: update the verifier and scan it again.',
    },
  },
  hcert: {
    label: { zh: '欧盟数字新冠证明（HCERT）', en: 'EU Digital COVID Certificate (HCERT)' },
    advice: {
      zh: '这是欧盟健康证明，不是医保凭证，请用支持 HCERT 的程序核验。',
      en: 'This is an EU health certificate, not an insurance credential: verify it with software for HCERT.',
    },
  },
  'claim-169': {
    label: { zh: 'MOSIP 身份二维码（Claim 169）', en: 'MOSIP identity code (Claim 169)' },
    advice: {
      zh: '这是 MOSIP 身份二维码，不是医保凭证，请用支持 Claim 169 的程序核验。',
      en: 'This is a MOSIP identity code, not an insurance credential: verify it with software for Claim 169.',
    },
  },
  'smart-health-card': {
    label: { zh: 'SMART 健康卡', en: 'SMART Health Card' },
    advice: {
      zh: '这是 SMART 健康卡，不是医保凭证，请用支持该格式的程序核验。',
      en: 'This is a SMART Health Card, not an insurance credential: verify it with software for that format.',
    },
  },
  'smart-health-link': {
    label: { zh: 'SMART 健康链接', en: 'SMART Health Link' },
    advice: {
      zh: '这是 SMART 健康链接，不是医保凭证，请勿在收费电脑上打开。',
      en: 'This is a SMART Health Link, not an insurance credential: do not open it on the desk computer.',
    },
  },
  'health-card': {
    label: { zh: '电子健康卡', en: 'Electronic health card (电子健康卡)' },
    advice: {
      zh: '这是电子健康卡，请用医院 HIS 读取；医保结算请持码人出示医保码。',
      en: 'This is an electronic health card: read it with the HIS, and ask for the 医保码 to settle with insurance.',
    },
  },
  'id-number': {
    label: { zh: '居民身份证号码', en: 'Resident ID number' },
    advice: {
      zh: '这是身份证号码，不能证明身份，请核对本人和证件原件。',
      en: 'This is a resident ID number and proves nothing: check the person and the document itself.',
    },
  },
  'mistyped-id-number': {
    label: { zh: '有误的身份证号码', en: 'Mistyped resident ID number' },
    advice: {
      zh: '身份证号码的校验码或出生日期不对，请核对证件后重新输入。',
      en: 'The check digit or the birth date of this ID number is wrong: compare it with the document and type it again.',
    },
  },
  organisation: {
    label: { zh: '统一社会信用代码', en: 'Unified social credit code' },
    advice: {
      zh: '这是单位的统一社会信用代码，不是个人的码，请持码人出示本人的码。',
      en: "This is an organisation's code, not a person's: ask for the person's own code.",
    },
  },
  institution: {
    label: { zh: '定点医药机构编号', en: 'Code of a designated institution' },
    advice: {
      zh: '这是定点医药机构编号，不是个人的码，请持码人出示本人的码。',
      en: "This is the code of a hospital or pharmacy, not a person's: ask for the person's own code.",
    },
  },
  payment: {
    label: { zh: '付款码', en: 'Payment code (付款码)' },
    advice: {
      zh: '这是手机付款码，不能证明身份，请用收款设备扫码。',
      en: 'This is a payment code and proves no identity: scan it with the payment terminal.',
    },
  },
  'drug-trace': {
    label: { zh: '药品追溯码', en: 'Drug traceability code' },
    advice: {
      zh: '这是药品追溯码，请在结算或进销存系统中扫描。',
      en: 'This is a drug traceability code: scan it in the settlement or stock system.',
    },
  },
  product: {
    label: { zh: '商品条码', en: 'Product barcode' },
    advice: {
      zh: '这是商品条码，请在收银或进销存系统中扫描。',
      en: 'This is a product barcode: scan it in the till or stock system.',
    },
  },
  openid4vp: {
    label: { zh: '数字钱包出示请求（OpenID4VP）', en: 'Wallet request (OpenID4VP)' },
    advice: {
      zh: '这是给数字钱包的出示请求，应由持有人的钱包扫描，不能在此核验。',
      en: "This is a request to a wallet: the holder's wallet scans it, and there is nothing to verify here.",
    },
  },
  mdoc: {
    label: { zh: '移动证件连接码（mdoc）', en: 'Mobile document engagement (mdoc)' },
    advice: {
      zh: '这是移动证件的连接码，请用支持 ISO/IEC 18013-5 的设备读取。',
      en: 'This connects to a mobile document: read it with a device for ISO/IEC 18013-5.',
    },
  },
  url: {
    label: { zh: '网址', en: 'Web address' },
    advice: {
      zh: '这是网址，不是凭证，请勿在收费电脑上打开。',
      en: 'This is a web address, not a credential: do not open it on the desk computer.',
    },
  },
  unknown: {
    label: { zh: '无法识别的码', en: 'Unknown code' },
    advice: {
      zh: '无法识别这个码，请持码人打开正确的码再扫一次。',
      en: 'This code is not known: ask the holder to open the right one and scan again.',
    },
  },
} as const satisfies Readonly<Record<string, CodeKindWords>>;

/** A key of {@link CODE_KINDS}. */
export type CodeKind = keyof typeof CODE_KINDS;
