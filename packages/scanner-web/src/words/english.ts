import { CAMERA_ENGLISH } from './camera-words.ts';
import { PATIENT_ENGLISH } from './patient-english.ts';
import type { Words } from './vocabulary.ts';

const DO_NOT_ACCEPT = 'Do not accept it. Ask to be shown the code again, or check by hand.';

export const ENGLISH: Words = {
  brand: 'Zhengma',
  notAffiliated: 'Zhengma is not affiliated with any authority and is not the official insurance code.',
  languageSwitch: '中文',
  headline: { valid: 'Valid', unsure: 'Not fully checked', refused: 'Refused', foreign: 'Not a Zhengma code' },
  verdict: {
    valid: { reason: 'Signature, dates and status are all in order.', next: 'You can go ahead.' },
    no_lists: {
      reason: 'This device has no lists yet, so nothing can be checked.',
      next: 'Connect to the network, press “Refresh lists”, then scan again.',
    },
    lists_refused: {
      reason: 'The credential itself is in order, but the new list that the service sent is not, and was refused.',
      next: 'Do not accept it yet. Tell your administrator at once; if it is urgent, check by hand.',
    },
    replayed: {
      reason: 'This code was used before, elsewhere or for other business.',
      next: 'Do not accept it. Ask for a new code on the phone and scan that; if it stays so, report it as your rules require.',
    },
    not_zhengma: {
      reason: 'This QR code belongs to some other system.',
      next: 'Ask for the Zhengma page to be opened, then scan again.',
    },
    unsupported_version: {
      reason: 'This code is of a newer version than this page.',
      next: 'Reload this page and scan again. If that does not help, check by hand.',
    },
    too_large: { reason: 'The code holds more data than allowed.', next: DO_NOT_ACCEPT },
    malformed: { reason: 'The data in the code is damaged or was changed.', next: DO_NOT_ACCEPT },
    unsupported_algorithm: { reason: 'The code is signed in a way that is not supported.', next: DO_NOT_ACCEPT },
    unsupported_type: { reason: 'This page cannot check this kind of credential.', next: 'Check by hand.' },
    unknown_issuer: {
      reason: 'The issuer is not on the trust list.',
      next: 'Press “Refresh lists” and scan again. If it stays so, do not accept it.',
    },
    unknown_key: {
      reason: 'The signing key is not on the trust list.',
      next: 'Press “Refresh lists” and scan again. If it stays so, do not accept it.',
    },
    key_not_valid: { reason: 'The signing key was not in force when this was issued.', next: DO_NOT_ACCEPT },
    key_compromised: {
      reason: 'The signing key is reported as compromised.',
      next: 'Do not accept it. The holder needs a new credential from the issuer.',
    },
    bad_signature: {
      reason: 'The signature is wrong: the content was changed or forged.',
      next: 'Do not accept it. Report it as your rules require.',
    },
    type_not_allowed: { reason: 'The issuer may not issue this kind of credential.', next: DO_NOT_ACCEPT },
    region_not_allowed: { reason: 'The issuer may not issue for this region.', next: DO_NOT_ACCEPT },
    not_presented: {
      reason: 'This is a copy or a screenshot.',
      next: 'Ask for the credential to be opened on the phone it is bound to, and scan that.',
    },
    bad_delegation: {
      reason: 'The signature of the delegation is wrong: it was changed or forged.',
      next: 'Do not accept it. Report it as your rules require.',
    },
    delegation_not_allowed: {
      reason: 'This credential may not be delegated like this.',
      next: 'Do not accept it. The person can come themselves, or have the issuer authorise a delegate.',
    },
    bad_presentation: {
      reason: 'The code was not made by the phone it belongs to, or was changed.',
      next: 'Do not accept it. Ask for the credential to be opened on the phone it belongs to, and scan that.',
    },
    wrong_audience: {
      reason: 'This code was made for another institution.',
      next: 'Ask for a new code on the phone, and scan that.',
    },
    wrong_challenge: {
      reason: 'This code was made for a check elsewhere.',
      next: 'Ask for a new code on the phone, and scan that.',
    },
    not_yet_valid: { reason: 'The credential is not in force yet.', next: 'Ask the holder to come back when it is.' },
    expired: { reason: 'The credential has expired.', next: 'Ask the holder to renew it, then scan again.' },
    issued_in_future: {
      reason: 'It was issued later than the time on this device.',
      next: 'Check the date and time of this device, then scan again.',
    },
    delegation_expired: {
      reason: 'The delegation has expired.',
      next: 'Ask the person to delegate again, or to come themselves.',
    },
    presentation_in_future: {
      reason: 'The code was made later than the time on this device.',
      next: 'Check the date and time of this device and of the phone, then scan again.',
    },
    presentation_expired: {
      reason: 'This is an old picture or a screenshot.',
      next: 'Ask for the code to be renewed, and scan it from the screen of the phone.',
    },
    business_not_allowed: {
      reason: 'The code may not be used for this business.',
      next: 'Ask for a code that may be used for it, or check by hand.',
    },
    revoked: {
      reason: 'The credential was revoked.',
      next: 'Do not accept it. Ask the holder to contact the issuer.',
    },
    suspended: {
      reason: 'The credential is suspended.',
      next: 'Do not accept it for now. Ask the holder to contact the issuer.',
    },
    status_unknown: {
      reason: 'The signature is good, but whether it was revoked is not known.',
      next: 'Connect, press “Refresh lists” and scan again. If it is urgent, check by hand.',
    },
    clock_behind: {
      reason: 'The signature is good, but the clock of this device is wrong: it is behind its own lists.',
      next: 'Set the date and time of this device, then scan again.',
    },
    trust_list_stale: {
      reason: 'The signature is good, but the trust list is out of date.',
      next: 'Connect, press “Refresh lists” and scan again. If it is urgent, check by hand.',
    },
    status_list_stale: {
      reason: 'The signature is good, but the status list is out of date.',
      next: 'Connect, press “Refresh lists” and scan again. If it is urgent, check by hand.',
    },
    rollback: { reason: 'The list is older than the one on this device.', next: 'Tell your administrator.' },
    wrong_list: { reason: 'It is not the list that was asked for.', next: 'Tell your administrator.' },
    unknown_root: {
      reason: 'The list is not signed by the root key pinned on this device.',
      next: 'Tell your administrator.',
    },
  },
  patient: PATIENT_ENGLISH,
  checkPerson: 'Check the person: the name and the last four of the ID must match.',
  enrolmentCode: {
    reason: 'This is the enrolment code of a phone, not a credential.',
    next: 'The issuer scans it to give out a credential. To check one, ask for the credential itself.',
  },
  askName: 'The code says no name: ask for it first, or check the ID.',
  shownByOwnDevice: 'Shown live by the person’s own phone.',
  shownByDelegate: 'Shown live by the delegate’s phone.',
  actsFor: (delegate, relation, person) => `${delegate} (${relation}) acts for ${person ?? 'the holder'}`,
  grantedBy: (grantor, until) =>
    `Authorised by ${grantor === 'issuer' ? 'the issuer' : 'the person themselves'}${until ? `, until ${until}` : ''}`,
  repeated: 'The same code as scanned here just now.',
  statusUnchecked: 'This credential has no status list: revocation was not checked.',
  reveal: 'Show in full',
  concealIn: (seconds) => `Hide (${seconds})`,
  moreFacts: 'More about the credential',
  openPatientScreen: 'Patient screen',
  patientScreenElsewhere: 'Patient screen: other window',
  nextPerson: 'Next person',
  nextPersonKeys: 'Enter or Space',
  checkedOffline: 'Checked offline',
  notEnrolled: (enrolment) => `The credential is valid, but: ${enrolment}`,
  onlyFor: (uses) => `Only for: ${uses}`,
  person: {
    name: 'Name',
    idNumber: 'ID number',
    scheme: 'Scheme',
    personClass: 'Person class',
    assistance: 'Assistance class',
    priority: 'Priority',
    priorityFor: (assistance) => `Priority: ${assistance}`,
    enrolment: 'Enrolment',
    uses: 'May be used for',
    usesSeparator: ', ',
    form: 'Form',
    paper: 'Paper code',
    region: 'Region',
    issuer: 'Issued by',
    expiresAt: 'Valid until',
    undisclosed: 'Not shown',
    undisclosedCount: (count, among) => `Up to ${count} of: ${among}`,
  },
  scan: {
    title: 'Scan to check',
    aim: 'Hold the code inside the frame',
    aimSlowly: 'Hold the code still: reading is slow',
    starting: 'Opening the camera…',
    checking: 'Checking…',
    chooseImage: 'Choose images',
    notice: {
      no_code_in_image: 'There is no QR code in that image. Try a sharper one.',
      image_too_large: 'That image is larger than 20 MB and was not opened. Choose a smaller one.',
      several_codes: 'One code at a time',
      check_failed: 'Not checked: scan it again. If that does not help, load the page anew.',
    },
    engineFailed: {
      reason: 'The code reader did not load, or has stopped.',
      next: 'Press “Try again”. If that does not help, check the network.',
    },
    tryAgain: 'Try again',
  },
  camera: CAMERA_ENGLISH,
  lists: {
    none: 'No lists yet',
    loading: 'Fetching lists…',
    updated: (age) => `Lists updated ${age}`,
    lastChecked: (age) => `checked ${age}`,
    refresh: 'Refresh lists',
    refreshing: 'Refreshing…',
    offline: 'Offline',
    unreachable: 'The service cannot be reached: using the lists on this device.',
    rootsChanged: {
      reason: 'The root keys of the service differ from those pinned on this device. The change was refused.',
      next: 'Tell your administrator. Once they confirm the change, clear this site’s data in the browser and open this page again.',
    },
    noStorage:
      'The browser keeps no data, so nothing can be checked. Leave private browsing, or allow this site to keep data, and reload.',
    notStored:
      'The browser cannot store the new lists: they are used until this page is closed. Free some space, or allow this site to keep data.',
    refused: (reason) => ({
      reason: `A new list was refused: ${reason}`,
      next: 'Tell your administrator at once. Until a good list arrives, new scans are not shown as valid.',
    }),
    fromTheFuture: {
      reason: 'A new list was refused: it was issued later than the time on this device.',
      next: 'Set the date and time of this device; if that does not help, tell your administrator. Until a good list arrives, new scans are not shown as valid.',
    },
    damaged: 'Its data is damaged or not in the right form.',
  },
  age: {
    justNow: 'just now',
    minutes: (count) => `${count} ${count === 1 ? 'minute' : 'minutes'} ago`,
    hours: (count) => `${count} ${count === 1 ? 'hour' : 'hours'} ago`,
    days: (count) => `${count} ${count === 1 ? 'day' : 'days'} ago`,
  },
  wallet: {
    title: 'My credential',
    unreadable: 'The credential in this address is incomplete: open the link from your issuer again.',
    unverified: 'This page only shows the credential and has not checked it. The scan at the counter decides.',
  },
};
