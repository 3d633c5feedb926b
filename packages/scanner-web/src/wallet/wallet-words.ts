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
  confirmRemoval(name: string): string;
  readonly removalMeans: string;
  readonly cancel: string;
  readonly add: string;
  readonly addPaste: string;
  readonly addButton: string;
  readonly notACredential: string;
  readonly enrol: string;
  readonly enrolHow: string;
  readonly enrolAlt: string;
  readonly copy: string;
  readonly copied: string;
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
  manage: '管理本机凭证',
  remove: '删除',
  confirmRemoval: (name) => `删除“${name}”的凭证？`,
  removalMeans: '删除后本机不能再出示；要再用，须由签发机构重新发给您。',
  cancel: '取消',
  add: '添加凭证',
  addPaste: '粘贴签发机构给您的链接或以 ZM1: 开头的文字',
  addButton: '添加',
  notACredential: '这不是完整的凭证：请整段复制后再粘贴。',
  enrol: '领取凭证：出示本机密钥',
  enrolHow: '让窗口扫描或抄录这段文字，凭证就只能由本机出示。',
  enrolAlt: '本机密钥的二维码',
  copy: '复制文字',
  copied: '已复制',
  noDeviceKey: '这个浏览器不能保存密钥，只能显示不限手机的凭证。',
  person: '未署名',
};

const ENGLISH: WalletWords = {
  keep: 'Keep on this phone',
  keepLabel: 'What to call them (optional, stays on this phone)',
  keepFor: 'for example: Mum',
  notKept: 'This credential is not kept yet: after closing the page you need its link again.',
  kept: 'Kept on this phone; it opens without a network too.',
  notStored: 'It could not be kept: free some space on the phone and try again.',
  manage: 'Credentials on this phone',
  remove: 'Remove',
  confirmRemoval: (name) => `Remove the credential of “${name}”?`,
  removalMeans: 'This phone can then no longer show it; only the issuer can give it to you again.',
  cancel: 'Cancel',
  add: 'Add a credential',
  addPaste: 'Paste the link from your issuer, or the text that begins with ZM1:',
  addButton: 'Add',
  notACredential: 'This is not a whole credential: copy all of it and paste again.',
  enrol: 'Get a credential: show this phone’s key',
  enrolHow: 'Let the counter scan or copy this text: then this phone alone can show the credential.',
  enrolAlt: 'The QR code of this phone’s key',
  copy: 'Copy the text',
  copied: 'Copied',
  noDeviceKey: 'This browser keeps no keys: it can only show credentials that are for any phone.',
  person: 'No name',
};

const WORDS: Readonly<Record<Language, WalletWords>> = { 'zh-CN': CHINESE, en: ENGLISH };

/** The words of one language. */
export function walletWordsOf(language: Language): WalletWords {
  return WORDS[language];
}
