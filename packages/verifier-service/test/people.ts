/** Nobody: invented names, and ID numbers that were made up and given their GB 11643 check digit. */
export const PERSON = {
  name: '李示例',
  idNumber: '370202199003070038',
  region: '370202',
  scheme: '310',
  personClass: '11',
  enrolment: '1',
} as const;

export const OTHER_PERSON = {
  name: '王虚构',
  idNumber: '370202198511241142',
  region: '370203',
  scheme: '390',
} as const;
