import type { DeskWords } from './desk-vocabulary.ts';

const REPORT = 'Note the numbers below and tell your administrator.';
const REFUSED = 'refused; the lists on this device have not changed.';

export const DESK_ENGLISH: DeskWords = {
  bar: 'Operator and receipts',
  nobody: 'Not signed in',
  nobodyMeans: 'checks only, records nothing',
  openSignedOut: 'Sign in',
  openSignedIn: 'Shift',
  unconfirmed: 'signed in offline',
  mark: {
    saving: 'Recording…',
    first: 'Recorded by the service: not used elsewhere.',
    saved: 'Recorded.',
    saved_unique_unknown: 'Recorded. Whether it was used elsewhere is known after the upload.',
    known: 'Recorded a moment ago, and not a second time.',
    unsaved: 'The receipt could not be stored: do not close this page, free some space.',
    failed: 'Not recorded: write it down by hand.',
  },
  end: {
    signed_out: 'Signed out.',
    relieved: 'The shift has changed.',
    shut_out: 'Signed out: the key was withdrawn or replaced. Please sign in again.',
    over: 'Signed out after 16 hours. Please sign in again.',
  },
  queue: {
    heading: 'Offline receipts',
    waiting: (count, age) => `${count} to upload, oldest ${age}`,
    none: 'No receipts to upload',
    unsaved: (count) => `${count} not stored: do not close this page`,
    troubles: (count) => `${count} to look at`,
    send: 'Upload now',
    sending: 'Uploading…',
    sent: 'All uploaded.',
    signInToSend: 'Sign in to upload them. Any operator of this organisation will do.',
    unreachable: 'The service cannot be reached. They are uploaded when the network is back.',
    otherProblem: (code) => `Not uploaded for now: ${code}. It is tried again by itself.`,
    otherOrganisation:
      'The rest belong to another organisation, or the service does not take them yet. They are tried again.',
    notPersisted: 'The browser does not promise to keep data: install this page as an app, or upload soon.',
  },
  signIn: {
    heading: 'Operator sign-in',
    key: 'API key',
    keyHint:
      'Begins with zk_; your administrator has it. It can be scanned. It stays in the memory of this page: reloading signs out.',
    submit: 'Sign in',
    problem: {
      key_format: 'That is no API key: it begins with zk_ and has 46 characters.',
      not_known_here:
        'The service cannot be reached, and you have not signed in on this device before. The first time needs the network.',
      lapsed: 'The service has not been reached for too long: connect, then sign in.',
      no_storage:
        'The browser keeps no data, or the address is not https://, so nobody can sign in. Free some space or leave private browsing, then try again.',
      unauthenticated: 'The key is wrong, or was withdrawn.',
      forbidden: 'This account may not verify: sign in with one that may.',
      too_many_offline_keys:
        'This account has 8 devices already. Ask your administrator to withdraw one that is not used any more.',
      unexpected_answer: 'What answered is not the Zhengma service: check the network.',
      rate_limited: 'Too often: wait a little, then try again.',
    },
    otherProblem: (code) => `Not signed in: ${code}. Try again later, or ask your administrator.`,
  },
  shift: {
    heading: 'Shift',
    since: (time) => `Signed in ${time}`,
    businessType: 'Codes are scanned for',
    unsaid: 'Not said',
    change: 'Change of shift',
    changeMeans: 'When the next operator has signed in, the present shift ends.',
    signOut: 'Sign out',
    askSignOut: (count) => `${count} ${count === 1 ? 'receipt is' : 'receipts are'} not uploaded yet.`,
    unsentMeans:
      'They stay on this device, encrypted, and are uploaded when an operator of this organisation signs in here.',
    unsavedMeans:
      'Some could not be stored, and are lost when this page is closed. Free some space first, or connect and upload.',
    stay: 'Stay signed in',
    signOutAnyway: 'Sign out',
  },
  troubles: {
    heading: (count) => `Receipts to look at (${count})`,
    means: 'The service has found something wrong with these. They stay here until somebody has dealt with them.',
    code: {
      replayed: {
        reason: 'The same code was used elsewhere, or for other business.',
        next: 'Compare the two visits, and report it as your rules require.',
      },
      revoked: {
        reason: 'The credential was revoked by then, and this device did not know.',
        next: 'Find this visit, and do as your rules require.',
      },
      suspended: {
        reason: 'The credential was suspended by then, and this device did not know.',
        next: 'Find this visit, and do as your rules require.',
      },
      out_of_scope: {
        reason: 'The operator may not verify for this business.',
        next: 'Check what codes are scanned for, or ask your administrator.',
      },
      key_withdrawn: { reason: 'Not taken: the key of this device was withdrawn.', next: REPORT },
      unknown_key: { reason: 'Not taken: the service does not know the key of this device.', next: REPORT },
      too_old: { reason: 'Not taken: the receipt is older than 30 days.', next: REPORT },
      not_yours: { reason: 'Not taken: of another operator or organisation.', next: REPORT },
      other_service: { reason: 'Not taken: of another service.', next: REPORT },
      id_taken: { reason: 'Not taken: another receipt has its number.', next: REPORT },
      issued_in_future: {
        reason: 'Not taken: later than the clock of the service.',
        next: 'Set the date and time of this device.',
      },
      malformed: { reason: 'Not taken: not in the right form.', next: REPORT },
      too_large: { reason: 'Not taken: too large.', next: REPORT },
      unsupported_algorithm: { reason: 'Not taken: signed in a way that is not supported.', next: REPORT },
      bad_signature: { reason: 'Not taken: the signature is wrong.', next: REPORT },
      unreadable: { reason: 'The stored receipt cannot be read: it was changed, or its key is gone.', next: REPORT },
    },
    verifiedAt: 'Verified',
    since: { replayed: 'First shown', changed: 'Changed' },
    businessType: 'Business',
    operator: 'Operator',
    credential: 'Credential',
    receipt: 'Receipt',
    dismiss: 'Dealt with',
  },
  lists: {
    heading: 'Lists from a file or a USB stick',
    means:
      'Choose the folder that zhengma publish wrote. Signatures are checked as if it came by the network; older lists are refused.',
    chooseFolder: 'Choose a folder',
    chooseFiles: 'Choose files',
    nothingFound: 'There are no lists there (trust-list.cose, or .cwt files).',
    trust: (outcome) => `Trust list: ${outcome}`,
    snapshot: (outcome) => `All status lists in one file: ${outcome}`,
    status: (count, outcome) => `${count} status ${count === 1 ? 'list' : 'lists'}: ${outcome}`,
    outcome: {
      newer: 'updated.',
      same: 'the same as on this device.',
      not_pinned: 'this device has no root key yet: connect it to the service once.',
      rollback: `older than on this device, ${REFUSED}`,
      unknown_root: `not signed by the root key pinned on this device, ${REFUSED} Tell your administrator.`,
      bad_signature: `the signature is wrong, ${REFUSED} Tell your administrator.`,
      issued_in_future: `issued later than the time on this device, ${REFUSED} Set its date and time.`,
      unknown_issuer: `its issuer is not on the trust list, ${REFUSED} Choose trust-list.cose as well.`,
      unknown_key: `its key is not on the trust list, ${REFUSED} Choose trust-list.cose as well.`,
      key_not_valid: `its key was not in force, ${REFUSED}`,
      key_compromised: `its key is reported as compromised, ${REFUSED} Tell your administrator.`,
      wrong_list: `none that this device uses, ${REFUSED}`,
    },
    damaged: `damaged, or not in the right form, ${REFUSED}`,
    notStored: 'The browser cannot store them: they are used until this page is closed.',
  },
  clock: {
    behind: (amount) => ({
      reason: `The clock of this device is behind by about ${amount}.`,
      next: 'Set its date and time: codes of this moment look like codes of the future, and old lists like good ones.',
    }),
    ahead: (amount) => ({
      reason: `The clock of this device is ahead by about ${amount}.`,
      next: 'Set its date and time: codes of this moment look like old pictures, and good lists like expired ones.',
    }),
    minutes: (count) => `${count} ${count === 1 ? 'minute' : 'minutes'}`,
    hours: (count) => `${count} ${count === 1 ? 'hour' : 'hours'}`,
    days: (count) => `${count} ${count === 1 ? 'day' : 'days'}`,
  },
  close: 'Close',
};
