import {
  ASSISTANCE_CLASSES,
  BUSINESS_TYPES,
  type CodeTable,
  ENROLMENTS,
  labelCode,
  PERSON_CLASSES,
  RELATIONS,
  SCHEMES,
} from '@zhengma/credential-core/codes';
import { type Language, languageOfTables } from './language.ts';

/** The name of an insurance scheme, or its code where the table has none: regions extend the tables. */
export function nameScheme(code: string, language: Language): string {
  return nameCode(SCHEMES, code, language);
}

/** The name of a person class, or its code. */
export function namePersonClass(code: string, language: Language): string {
  return nameCode(PERSON_CLASSES, code, language);
}

/** The name of what a person is given assistance for, or its code. */
export function nameAssistance(code: string, language: Language): string {
  return nameCode(ASSISTANCE_CLASSES, code, language);
}

/** The name of an enrolment status, or its code. */
export function nameEnrolment(code: string, language: Language): string {
  return nameCode(ENROLMENTS, code, language);
}

/** The name of an errand that a code may be used for, or its code. */
export function nameBusinessType(code: string, language: Language): string {
  return nameCode(BUSINESS_TYPES, code, language);
}

/** What a delegate is to the person acted for, or its code. */
export function nameRelation(code: string, language: Language): string {
  return nameCode(RELATIONS, code, language);
}

function nameCode(table: CodeTable, code: string, language: Language): string {
  return labelCode(table, code, languageOfTables(language));
}
