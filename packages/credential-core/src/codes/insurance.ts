import type { CodeOf, CodeTable } from './table.ts';

/** Insurance scheme: 险种 (insutype). */
export const SCHEMES = [
  { code: '310', label: { zh: '职工基本医疗保险', en: 'Basic medical insurance for employees' } },
  { code: '320', label: { zh: '公务员医疗补助', en: 'Medical subsidy for civil servants' } },
  { code: '330', label: { zh: '大额医疗费用补助', en: 'Subsidy for large medical expenses' } },
  { code: '340', label: { zh: '离休人员医疗保障', en: 'Medical security for retired veteran cadres' } },
  {
    code: '350',
    label: { zh: '一至六级残废军人医疗补助', en: 'Medical subsidy for disabled soldiers, grades 1 to 6' },
  },
  { code: '360', label: { zh: '老红军医疗保障', en: 'Medical security for Red Army veterans' } },
  { code: '370', label: { zh: '企业补充医疗保险', en: 'Supplementary medical insurance of enterprises' } },
  { code: '380', label: { zh: '新型农村合作医疗', en: 'New rural cooperative medical scheme' } },
  { code: '390', label: { zh: '城乡居民基本医疗保险', en: 'Basic medical insurance for residents' } },
  { code: '391', label: { zh: '城镇居民基本医疗保险', en: 'Basic medical insurance for urban residents' } },
  { code: '392', label: { zh: '城乡居民大病医疗保险', en: 'Serious illness insurance for residents' } },
  { code: '399', label: { zh: '其他特殊人员医疗保障', en: 'Medical security for other special groups' } },
  { code: '410', label: { zh: '长期照护保险', en: 'Long-term care insurance' } },
  { code: '510', label: { zh: '生育保险', en: 'Maternity insurance' } },
] as const satisfies CodeTable;

/** A code of {@link SCHEMES}, or a regional one. */
export type Scheme = CodeOf<typeof SCHEMES>;

/** Enrolment status: 参保状态 (psn_insu_stas). */
export const ENROLMENTS = [
  { code: '0', label: { zh: '未参保', en: 'Not enrolled' } },
  { code: '1', label: { zh: '正常参保', en: 'Enrolled' } },
  { code: '2', label: { zh: '暂停参保', en: 'Enrolment paused' } },
  { code: '3', label: { zh: '无效参保', en: 'Enrolment void' } },
  { code: '4', label: { zh: '终止参保', en: 'Enrolment ended' } },
] as const satisfies CodeTable;

/** A code of {@link ENROLMENTS}, or a regional one. */
export type Enrolment = CodeOf<typeof ENROLMENTS>;

/** Person class: 人员类别 (psn_type). */
export const PERSON_CLASSES = [
  { code: '11', label: { zh: '在职', en: 'Employed' } },
  { code: '12', label: { zh: '退休', en: 'Retired' } },
  { code: '13', label: { zh: '离休', en: 'Retired veteran cadre' } },
  { code: '1401', label: { zh: '新生儿', en: 'Newborn' } },
  { code: '1402', label: { zh: '学龄前儿童', en: 'Preschool child' } },
  { code: '1403', label: { zh: '中小学生', en: 'Primary or secondary school pupil' } },
  { code: '1404', label: { zh: '大学生', en: 'University student' } },
  { code: '1405', label: { zh: '未成年（未入学）', en: 'Minor, not at school' } },
  { code: '15', label: { zh: '居民（成年）', en: 'Resident, adult' } },
  { code: '16', label: { zh: '居民（老年）', en: 'Resident, elderly' } },
  { code: '99', label: { zh: '其他', en: 'Other' } },
] as const satisfies CodeTable;

/** A code of {@link PERSON_CLASSES}, or a regional one. */
export type PersonClass = CodeOf<typeof PERSON_CLASSES>;

/** Why a person is given assistance: 人员身份类别 (psn_idet_type). */
export const ASSISTANCE_CLASSES = [
  { code: '2302', label: { zh: '建档立卡', en: 'Registered poor household' } },
  { code: '2303', label: { zh: '低保', en: 'Subsistence allowance' } },
  { code: '2304', label: { zh: '特困', en: 'Extreme hardship' } },
  { code: '2305', label: { zh: '低收入', en: 'Low income' } },
  { code: '2308', label: { zh: '残疾', en: 'Disability' } },
] as const satisfies CodeTable;

/** A code of {@link ASSISTANCE_CLASSES}, or a regional one. */
export type AssistanceClass = CodeOf<typeof ASSISTANCE_CLASSES>;
