import type { MedicalInsuranceClaims } from '@zhengma/credential-core';

/** Nobody, with all default fields: a Chinese name of four characters, an ID number with a valid check character. */
export const FICTIONAL_PERSON: MedicalInsuranceClaims = {
  name: '欧阳明月',
  idNumber: '11010519491231002X',
  region: '370202',
  scheme: '310',
  personClass: '11',
  enrolment: '1',
  businessTypes: ['01101', '01301'],
};
