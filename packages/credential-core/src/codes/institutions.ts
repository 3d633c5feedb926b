import type { CodeOf, CodeTable } from './table.ts';

/** Kind of designated institution: 定点医药机构类型 (fixmedins_type). */
export const INSTITUTION_TYPES = [
  { code: '1', label: { zh: '医疗机构', en: 'Medical institution' } },
  { code: '2', label: { zh: '零售药店', en: 'Retail pharmacy' } },
  { code: '3', label: { zh: '工伤康复', en: 'Work injury rehabilitation' } },
  { code: '4', label: { zh: '辅助器具', en: 'Assistive devices' } },
  { code: '5', label: { zh: '计划生育', en: 'Family planning' } },
] as const satisfies CodeTable;

/** A code of {@link INSTITUTION_TYPES}, or a regional one. */
export type InstitutionType = CodeOf<typeof INSTITUTION_TYPES>;

/** What a person showed for treatment: 就诊凭证类型 (mdtrt_cert_type). */
export const VISIT_DOCUMENTS = [
  { code: '01', label: { zh: '医保电子凭证', en: 'Electronic insurance credential' } },
  { code: '02', label: { zh: '居民身份证', en: 'Resident identity card' } },
  { code: '03', label: { zh: '社会保障卡', en: 'Social security card' } },
] as const satisfies CodeTable;

/** A code of {@link VISIT_DOCUMENTS}, or a regional one. */
export type VisitDocument = CodeOf<typeof VISIT_DOCUMENTS>;

/** Kind of operator: 经办人类别 (opter_type). */
export const OPERATOR_TYPES = [
  { code: '1', label: { zh: '经办人', en: 'Clerk' } },
  { code: '2', label: { zh: '自助终端', en: 'Self-service terminal' } },
  { code: '3', label: { zh: '移动终端', en: 'Mobile device' } },
] as const satisfies CodeTable;

/** A code of {@link OPERATOR_TYPES}, or a regional one. */
export type OperatorType = CodeOf<typeof OPERATOR_TYPES>;

/** Kind of care: 医疗类别 (med_type). */
export const CARE_TYPES = [
  { code: '11', label: { zh: '普通门诊', en: 'Outpatient' } },
  { code: '13', label: { zh: '急诊', en: 'Emergency' } },
  { code: '14', label: { zh: '门诊慢特病', en: 'Outpatient, chronic or special disease' } },
  { code: '28', label: { zh: '日间手术', en: 'Day surgery' } },
  { code: '41', label: { zh: '药店购药', en: 'Pharmacy purchase' } },
  { code: '51', label: { zh: '生育门诊', en: 'Maternity, outpatient' } },
  { code: '52', label: { zh: '生育住院', en: 'Maternity, inpatient' } },
] as const satisfies CodeTable;

/** A code of {@link CARE_TYPES}, or a regional one. */
export type CareType = CodeOf<typeof CARE_TYPES>;
