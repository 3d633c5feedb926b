import type { Language } from '../words/language.ts';

/** What the holder's page says about keeping codes on this phone. */
export interface WalletWords {
  readonly keep: string;
  readonly keepLabel: string;
  readonly keepFor: string;
  readonly notKept: string;
  readonly kept: string;
  readonly notStored: string;
  readonly manage: string;
  readonly remove: string;
  readonly notRemoved: string;
  readonly opening: string;
  readonly empty: string;
  readonly emptyHow: string;
  readonly startEnrol: string;
  readonly startAdd: string;
  confirmRemoval(name: string): string;
  /** Two credentials have the same number. */
  confirmReplacement(kept: string): string;
  replacementMeans(kept: string, brought: string): string;
  readonly replace: string;
  readonly keepBoth: string;
  readonly removalMeans: string;
  readonly cancel: string;
  readonly add: string;
  readonly addPaste: string;
  readonly addButton: string;
  readonly notACredential: string;
  readonly enrol: string;
  readonly enrolHow: string;
  readonly enrolOnline: string;
  readonly enrolAlt: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyByHand: string;
  readonly noDeviceKey: string;
  readonly person: string;
}

const CHINESE: WalletWords = {
  keep: '保存到本机',
  keepLabel: '称呼（可不填，只存在本机）',
  keepFor: '例如：妈妈',
  notKept: '这张凭证还没有保存：关掉本页后要重新打开链接。',
  kept: '已保存在本机，断网也能打开。',
  notStored: '没能保存：请清理手机空间后再试。',
  notRemoved: '没能删除：请重新打开本页再试。',
  opening: '正在打开…',
  empty: '还没有凭证',
  emptyHow: '请到窗口登记本机领取，或打开签发机构给您的链接。',
  startEnrol: '出示本机登记码',
  startAdd: '粘贴凭证链接',
  confirmReplacement: (kept) => `替换“${kept}”的凭证？`,
  replacementMeans: (kept, brought) =>
    `新凭证（“${brought}”）与本机已保存的“${kept}”编号相同。替换后，原来的不能再出示。拿不准就都保留。`,
  replace: '替换',
  keepBoth: '都保留',
  manage: '管理本机凭证',
  remove: '删除',
  confirmRemoval: (name) => `删除“${name}”的凭证？`,
  removalMeans: '删除后本机不能再出示；要再用，须由签发机构重新发给您。',
  cancel: '取消',
  add: '添加凭证',
  addPaste: '粘贴签发机构给您的链接或以 ZM1: 开头的文字',
  addButton: '添加',
  notACredential: '这不是完整的凭证：请整段复制后再粘贴。',
  enrol: '本机登记码（不是密码，可以放心出示）',
  enrolHow: '领取凭证时让窗口扫描这个码，凭证就只能由本机出示。',
  enrolOnline: '网上领取时，复制下面的文字填进去：',
  enrolAlt: '本机登记码',
  copy: '复制文字',
  copied: '已复制',
  copyByHand: '没能复制：请长按上面的文字，再点“复制”',
  noDeviceKey: '这个浏览器不能保存数据，只能显示未绑定手机的凭证。',
  person: '姓名未填',
};

const ENGLISH: WalletWords = {
  keep: 'Keep on this phone',
  keepLabel: 'What to call them (optional, stays on this phone)',
  keepFor: 'for example: Mum',
  notKept: 'This credential is not kept yet: after closing the page you need its link again.',
  kept: 'Kept on this phone; it opens without a network too.',
  notStored: 'It could not be kept: free some space on the phone and try again.',
  notRemoved: 'It could not be removed: open this page again and try once more.',
  opening: 'Opening…',
  empty: 'No credential yet',
  emptyHow: 'Have this phone enrolled at a counter, or open the link from your issuer.',
  startEnrol: 'Show the enrolment code',
  startAdd: 'Paste a credential’s link',
  confirmReplacement: (kept) => `Replace the credential of “${kept}”?`,
  replacementMeans: (kept, brought) =>
    `The new one (“${brought}”) has the same number as that of “${kept}” on this phone. Replaced, the old one can no longer be shown. If you are not sure, keep both.`,
  replace: 'Replace',
  keepBoth: 'Keep both',
  manage: 'Credentials on this phone',
  remove: 'Remove',
  confirmRemoval: (name) => `Remove the credential of “${name}”?`,
  removalMeans: 'This phone can then no longer show it; only the issuer can give it to you again.',
  cancel: 'Cancel',
  add: 'Add a credential',
  addPaste: 'Paste the link from your issuer, or the text that begins with ZM1:',
  addButton: 'Add',
  notACredential: 'This is not a whole credential: copy all of it and paste again.',
  enrol: 'This phone’s enrolment code (no password, safe to show)',
  enrolHow: 'Let the counter scan it when you get a credential: then this phone alone can show it.',
  enrolOnline: 'To get one online, copy this text into the form:',
  enrolAlt: 'The enrolment code of this phone',
  copy: 'Copy the text',
  copied: 'Copied',
  copyByHand: 'Not copied: hold the text above and choose “Copy”',
  noDeviceKey: 'This browser keeps no data: it can only show credentials that are not bound to a phone.',
  person: 'No name given',
};

const WORDS: Readonly<Record<Language, WalletWords>> = { 'zh-CN': CHINESE, en: ENGLISH };

/** The words of one language. */
export function walletWordsOf(language: Language): WalletWords {
  return WORDS[language];
}
