import type { CodeOf, CodeTable } from './table.ts';

/** Identity document: 人员证件类型 (psn_cert_type). `990201` is a local extension. */
export const DOCUMENT_TYPES = [
  { code: '01', label: { zh: '居民身份证（户口簿）', en: 'Resident identity card or household register' } },
  { code: '02', label: { zh: '解放军军官证', en: "Army officer's card" } },
  { code: '03', label: { zh: '武警警官证', en: "Armed police officer's card" } },
  {
    code: '04',
    label: { zh: '港澳居民来往内地通行证（香港）', en: 'Mainland travel permit for residents of Hong Kong' },
  },
  { code: '05', label: { zh: '港澳居民来往内地通行证（澳门）', en: 'Mainland travel permit for residents of Macao' } },
  { code: '06', label: { zh: '台湾居民来往大陆通行证', en: 'Mainland travel permit for residents of Taiwan' } },
  { code: '07', label: { zh: '外国人永久居留证', en: "Foreigner's permanent residence card" } },
  { code: '08', label: { zh: '外国人护照', en: 'Foreign passport' } },
  { code: '09', label: { zh: '残疾人证', en: "Disabled person's card" } },
  { code: '10', label: { zh: '军烈属证明', en: "Proof of being a soldier's or martyr's family" } },
  { code: '11', label: { zh: '外国人就业证', en: "Foreigner's employment permit" } },
  { code: '12', label: { zh: '外国专家证', en: "Foreign expert's card" } },
  { code: '13', label: { zh: '外国人常驻记者证', en: "Resident foreign journalist's card" } },
  {
    code: '14',
    label: { zh: '台港澳人员就业证', en: 'Employment permit for people from Taiwan, Hong Kong and Macao' },
  },
  { code: '15', label: { zh: '回国（来华）定居专家证', en: "Settled returned or foreign expert's card" } },
  { code: '16', label: { zh: '中国护照', en: 'Chinese passport' } },
  {
    code: '17',
    label: { zh: '港澳台居民居住证', en: 'Residence permit for residents of Hong Kong, Macao and Taiwan' },
  },
  { code: '90', label: { zh: '社会保障卡', en: 'Social security card' } },
  { code: '99', label: { zh: '其他', en: 'Other' } },
  { code: '990201', label: { zh: '医学出生证明', en: 'Medical birth certificate' } },
] as const satisfies CodeTable;

/** A code of {@link DOCUMENT_TYPES}, or a regional one. */
export type DocumentType = CodeOf<typeof DOCUMENT_TYPES>;

/** Gender: 性别 (gend, GB/T 2261.1). */
export const GENDERS = [
  { code: '0', label: { zh: '未知', en: 'Unknown' } },
  { code: '1', label: { zh: '男', en: 'Male' } },
  { code: '2', label: { zh: '女', en: 'Female' } },
  { code: '9', label: { zh: '未说明', en: 'Not stated' } },
] as const satisfies CodeTable;

/** A code of {@link GENDERS}, or a regional one. */
export type Gender = CodeOf<typeof GENDERS>;

/** How an agent is related to the person acted for: 代办人关系 (agnter_rlts). `901` is a local extension. */
export const RELATIONS = [
  { code: '1', label: { zh: '配偶', en: 'Spouse' } },
  { code: '2', label: { zh: '子女', en: 'Child' } },
  { code: '4', label: { zh: '孙子女/外孙子女', en: 'Grandchild' } },
  { code: '5', label: { zh: '父母', en: 'Parent' } },
  { code: '6', label: { zh: '祖父母/外祖父母', en: 'Grandparent' } },
  { code: '7', label: { zh: '兄弟姐妹', en: 'Sibling' } },
  { code: '8', label: { zh: '其他亲属', en: 'Other relative' } },
  { code: '9', label: { zh: '非亲属', en: 'Not a relative' } },
  { code: '901', label: { zh: '单位经办人', en: "Employer's agent" } },
] as const satisfies CodeTable;

/** A code of {@link RELATIONS}, or a regional one. */
export type Relation = CodeOf<typeof RELATIONS>;
