import type { Language } from './language.ts';

type Table = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** insutype 险种. Codes outside the tables are local extensions and are shown as they are. */
const SCHEMES: Table = {
  '310': { 'zh-CN': '职工基本医疗保险', en: 'Employee basic medical insurance' },
  '320': { 'zh-CN': '公务员医疗补助', en: 'Civil servant medical supplement' },
  '330': { 'zh-CN': '大额医疗费用补助', en: 'Large medical expense supplement' },
  '340': { 'zh-CN': '离休人员医疗保障', en: 'Retired cadre medical cover' },
  '350': { 'zh-CN': '一至六级残废军人医疗补助', en: 'Disabled veteran medical supplement' },
  '360': { 'zh-CN': '老红军医疗保障', en: 'Red Army veteran medical cover' },
  '370': { 'zh-CN': '企业补充医疗保险', en: 'Enterprise supplementary medical insurance' },
  '380': { 'zh-CN': '新型农村合作医疗', en: 'Rural cooperative medical scheme' },
  '390': { 'zh-CN': '城乡居民基本医疗保险', en: 'Resident basic medical insurance' },
  '391': { 'zh-CN': '城镇居民基本医疗保险', en: 'Urban resident basic medical insurance' },
  '392': { 'zh-CN': '城乡居民大病医疗保险', en: 'Resident critical illness insurance' },
  '399': { 'zh-CN': '其他特殊人员医疗保障', en: 'Other special medical cover' },
  '410': { 'zh-CN': '长期照护保险', en: 'Long-term care insurance' },
  '510': { 'zh-CN': '生育保险', en: 'Maternity insurance' },
};

/** psn_type 人员类别 */
const PERSON_CLASSES: Table = {
  '11': { 'zh-CN': '在职', en: 'Employed' },
  '12': { 'zh-CN': '退休', en: 'Retired' },
  '13': { 'zh-CN': '离休', en: 'Retired cadre' },
  '1401': { 'zh-CN': '新生儿', en: 'Newborn' },
  '1402': { 'zh-CN': '学龄前儿童', en: 'Preschool child' },
  '1403': { 'zh-CN': '中小学生', en: 'School pupil' },
  '1404': { 'zh-CN': '大学生', en: 'University student' },
  '1405': { 'zh-CN': '未成年（未入学）', en: 'Minor, not at school' },
  '15': { 'zh-CN': '居民（成年）', en: 'Resident, adult' },
  '16': { 'zh-CN': '居民（老年）', en: 'Resident, senior' },
  '99': { 'zh-CN': '其他', en: 'Other' },
};

/** psn_insu_stas 参保状态 */
const ENROLMENTS: Table = {
  '0': { 'zh-CN': '未参保', en: 'Not enrolled' },
  '1': { 'zh-CN': '正常参保', en: 'Enrolled' },
  '2': { 'zh-CN': '暂停参保', en: 'Enrolment paused' },
  '3': { 'zh-CN': '无效参保', en: 'Enrolment void' },
  '4': { 'zh-CN': '终止参保', en: 'Enrolment ended' },
};

/** businessType 用码业务类型 */
const BUSINESS_TYPES: Table = {
  '01101': { 'zh-CN': '挂号', en: 'Registration' },
  '01102': { 'zh-CN': '住院建档', en: 'Inpatient file' },
  '01103': { 'zh-CN': '入院登记', en: 'Admission' },
  '01104': { 'zh-CN': '缴纳预缴金', en: 'Deposit' },
  '01201': { 'zh-CN': '问诊', en: 'Consultation' },
  '01202': { 'zh-CN': '预约检查', en: 'Examination booking' },
  '01203': { 'zh-CN': '检查', en: 'Examination' },
  '01204': { 'zh-CN': '治疗', en: 'Treatment' },
  '01301': { 'zh-CN': '结算', en: 'Settlement' },
  '01302': { 'zh-CN': '取药', en: 'Collecting medicine' },
  '01303': { 'zh-CN': '取报告', en: 'Collecting reports' },
  '01304': { 'zh-CN': '打印票据和清单', en: 'Printing bills' },
  '01305': { 'zh-CN': '病历材料复印', en: 'Copying records' },
  '02121': { 'zh-CN': '药店购药', en: 'Pharmacy purchase' },
  '02122': { 'zh-CN': '下载外购处方', en: 'Outside prescription' },
  '03131': { 'zh-CN': '医疗类APP线上身份认证', en: 'Online identification' },
  '03132': { 'zh-CN': '医疗类APP线上结算', en: 'Online settlement' },
  '05101': { 'zh-CN': '线下修改密码', en: 'Password change' },
};

/** The name of an insurance scheme, or its code where the table has none. */
export function nameScheme(code: string, language: Language): string {
  return SCHEMES[code]?.[language] ?? code;
}

/** The name of a person class, or its code. */
export function namePersonClass(code: string, language: Language): string {
  return PERSON_CLASSES[code]?.[language] ?? code;
}

/** The name of an enrolment status, or its code. */
export function nameEnrolment(code: string, language: Language): string {
  return ENROLMENTS[code]?.[language] ?? code;
}

/** The name of an errand that a code may be used for, or its code. */
export function nameBusinessType(code: string, language: Language): string {
  return BUSINESS_TYPES[code]?.[language] ?? code;
}
