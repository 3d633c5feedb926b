import type { CodeOf, CodeTable } from './table.ts';

/**
 * What a code is used for: 用码业务类型 (businessType). The counter business of an agency (经办) has no official code; it stands in
 * the private range 9xxxx, whose numbers are this library's own.
 */
export const BUSINESS_TYPES = [
  { code: '01101', label: { zh: '挂号', en: 'Registration' } },
  { code: '01102', label: { zh: '住院建档', en: 'Inpatient file' } },
  { code: '01103', label: { zh: '入院登记', en: 'Admission' } },
  { code: '01104', label: { zh: '缴纳预缴金', en: 'Inpatient deposit' } },
  { code: '01201', label: { zh: '问诊', en: 'Consultation' } },
  { code: '01202', label: { zh: '预约检查', en: 'Examination booking' } },
  { code: '01203', label: { zh: '检查', en: 'Examination' } },
  { code: '01204', label: { zh: '治疗', en: 'Treatment' } },
  { code: '01301', label: { zh: '结算', en: 'Settlement' } },
  { code: '01302', label: { zh: '取药', en: 'Dispensing' } },
  { code: '01303', label: { zh: '取报告', en: 'Report collection' } },
  { code: '01304', label: { zh: '打印票据和清单', en: 'Printing of bills and lists' } },
  { code: '01305', label: { zh: '病历材料复印', en: 'Copies of medical records' } },
  { code: '02121', label: { zh: '药店购药', en: 'Pharmacy purchase' } },
  { code: '02122', label: { zh: '下载外购处方', en: 'Download of an outside prescription' } },
  { code: '03131', label: { zh: '医疗类APP线上身份认证', en: 'Online identification in a medical app' } },
  { code: '03132', label: { zh: '医疗类APP线上结算', en: 'Online settlement in a medical app' } },
  { code: '05101', label: { zh: '线下修改密码', en: 'Password change at a counter' } },
  { code: '91101', label: { zh: '参保登记', en: 'Enrolment' } },
  { code: '91102', label: { zh: '参保信息变更', en: 'Change of enrolment details' } },
  { code: '91103', label: { zh: '参保信息查询', en: 'Enrolment enquiry' } },
  { code: '91201', label: { zh: '缴费', en: 'Contribution payment' } },
  { code: '91301', label: { zh: '关系转移', en: 'Transfer of enrolment' } },
  { code: '91401', label: { zh: '异地备案', en: 'Filing for care in another region' } },
  { code: '91501', label: { zh: '生育津贴', en: 'Maternity allowance' } },
  { code: '91502', label: { zh: '手工报销', en: 'Reimbursement of bills' } },
  { code: '91601', label: { zh: '门诊慢特病认定', en: 'Recognition of a chronic or special disease' } },
] as const satisfies CodeTable;

/** A code of {@link BUSINESS_TYPES}, five digits, or a regional one. */
export type BusinessType = CodeOf<typeof BUSINESS_TYPES>;
