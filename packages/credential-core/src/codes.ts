export { BUSINESS_TYPES, type BusinessType } from './codes/business-types.ts';
export { type ClassifiedCode, classifyCode } from './codes/classify.ts';
export { CODE_KINDS, type CodeKind, type CodeKindWords } from './codes/code-kinds.ts';
export { commitIdNumber, matchesIdNumber } from './codes/id-commitment.ts';
export { isValidIdNumber } from './codes/id-number.ts';
export {
  DOCUMENT_TYPES,
  type DocumentType,
  GENDERS,
  type Gender,
  RELATIONS,
  type Relation,
} from './codes/identity.ts';
export { checkInstitutionCode, type InstitutionCodeWarning } from './codes/institution-code.ts';
export {
  CARE_TYPES,
  type CareType,
  INSTITUTION_TYPES,
  type InstitutionType,
  OPERATOR_TYPES,
  type OperatorType,
  VISIT_DOCUMENTS,
  type VisitDocument,
} from './codes/institutions.ts';
export {
  ASSISTANCE_CLASSES,
  type AssistanceClass,
  ENROLMENTS,
  type Enrolment,
  PERSON_CLASSES,
  type PersonClass,
  SCHEMES,
  type Scheme,
} from './codes/insurance.ts';
export {
  checkOrganisationCode,
  isValidOrganisationCode,
  type OrganisationCodeWarning,
} from './codes/organisation-code.ts';
export { PROVINCES, type Province } from './codes/provinces.ts';
export { type CodeOf, type CodeRow, type CodeTable, labelCode, type Words } from './codes/table.ts';
export { type IdNumberMask, maskIdNumber, maskName, type NameMask } from './credential/masks.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
