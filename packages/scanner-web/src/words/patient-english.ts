import type { PatientWords } from './patient-vocabulary.ts';

const SERVICE_DESK = 'Please go to the service desk: they will help you.';
const STAFF_WILL_CHECK = 'One moment please: the staff will check in another way.';
const SHOW_ANEW = 'Please open the credential on your phone again and show it once more.';

const UNUSABLE = { reason: 'This code cannot be used.', next: SERVICE_DESK };

export const PATIENT_ENGLISH: PatientWords = {
  title: 'Please look here',
  waiting: {
    reason: 'Hello, please show the QR code of your credential',
    next: 'Hold it before the camera that scans, or ask the staff to help.',
  },
  checking: { reason: 'Checking, one moment please', next: 'Please hold the phone still.' },
  scannerLost: { reason: 'Not in service just now', next: 'Please wait a little: the staff are getting ready.' },
  headline: {
    valid: 'Checked',
    unsure: 'A little more to check',
    refused: 'Not this time',
    foreign: 'Another kind of code',
  },
  verdict: {
    valid: { reason: 'Your credential is valid.', next: 'The staff will go on with your request.' },
    no_lists: { reason: 'The device at this counter is not ready yet.', next: STAFF_WILL_CHECK },
    lists_refused: { reason: 'The records at this counter need to be renewed.', next: STAFF_WILL_CHECK },
    replayed: {
      reason: 'This code was used once already.',
      next: 'Please renew it on your phone and show the new one.',
    },
    not_zhengma: {
      reason: 'This counter reads the codes of credentials.',
      next: 'The staff will tell you what to do.',
    },
    unsupported_version: { reason: 'The device here cannot read this code yet.', next: STAFF_WILL_CHECK },
    too_large: { reason: 'There is too much in this code to read it.', next: SERVICE_DESK },
    malformed: {
      reason: 'This code was not read completely.',
      next: 'Please show it again; if that does not help, go to the service desk.',
    },
    unsupported_algorithm: { reason: 'This code does not work here.', next: SERVICE_DESK },
    unsupported_type: { reason: 'The device here cannot read this kind of credential yet.', next: STAFF_WILL_CHECK },
    unknown_issuer: { reason: 'This counter does not know who issued this credential.', next: SERVICE_DESK },
    unknown_key: { reason: 'This counter cannot check this credential just now.', next: SERVICE_DESK },
    key_not_valid: { reason: 'This credential has to be issued anew.', next: SERVICE_DESK },
    key_compromised: {
      reason: 'You need a new credential in place of this one.',
      next: 'Your issuer gives it out; the service desk can tell you how.',
    },
    bad_signature: UNUSABLE,
    type_not_allowed: { reason: 'This credential cannot be used here.', next: SERVICE_DESK },
    region_not_allowed: {
      reason: 'This credential is not for this region.',
      next: 'Please go to the service desk: they will tell you where it can be used.',
    },
    not_presented: {
      reason: 'Please do not use a screenshot or a copy.',
      next: 'Open the credential on your own phone and show it from there.',
    },
    bad_delegation: { reason: 'Acting for somebody else could not be confirmed.', next: SERVICE_DESK },
    delegation_not_allowed: {
      reason: 'Nobody else can use this credential in this way.',
      next: 'Please have the person come themselves, or ask the issuer about acting for them.',
    },
    bad_presentation: { reason: 'Please use the phone that the credential belongs to.', next: SHOW_ANEW },
    wrong_audience: { reason: 'This code was made for another institution.', next: SHOW_ANEW },
    wrong_challenge: { reason: 'This code was made for another counter.', next: SHOW_ANEW },
    not_yet_valid: {
      reason: 'Your credential has not started yet.',
      next: 'Please come back when it has: the date is on your phone.',
    },
    expired: {
      reason: 'Your credential has expired.',
      next: 'Please renew it and show it again; the service desk can help.',
    },
    issued_in_future: { reason: 'The clock of the device here has to be looked at.', next: STAFF_WILL_CHECK },
    delegation_expired: {
      reason: 'The time for acting for this person is over.',
      next: 'They can allow it again, or come themselves.',
    },
    presentation_in_future: {
      reason: 'Your phone and the device here do not have the same time.',
      next: 'Please set your phone to automatic time and show the code again.',
    },
    presentation_expired: {
      reason: 'The time of this picture is over.',
      next: 'Please renew the code and show it on the screen of your phone.',
    },
    business_not_allowed: {
      reason: 'This code is not for this business.',
      next: 'Please show one that is, or go to the service desk.',
    },
    revoked: {
      reason: 'This credential is no longer in use.',
      next: 'Please ask your issuer; the service desk can tell you how.',
    },
    suspended: {
      reason: 'This credential is paused.',
      next: 'Your issuer can resume it; the service desk can tell you how.',
    },
    status_unknown: {
      reason: 'The latest about this credential cannot be looked up just now.',
      next: STAFF_WILL_CHECK,
    },
    clock_behind: { reason: 'The clock of the device here is wrong: it is not your fault.', next: STAFF_WILL_CHECK },
    trust_list_stale: { reason: 'The records here are too old: it is not your fault.', next: STAFF_WILL_CHECK },
    status_list_stale: {
      reason: 'The records here have not been renewed for a while: it is not your fault.',
      next: STAFF_WILL_CHECK,
    },
    rollback: { reason: 'The records that came in are not the newest.', next: STAFF_WILL_CHECK },
    wrong_list: { reason: 'The records that came in are not the right ones.', next: STAFF_WILL_CHECK },
    unknown_root: { reason: 'The records here are not confirmed yet.', next: STAFF_WILL_CHECK },
  },
  actsFor: (delegate, person) => `${delegate} for ${person}`,
};
