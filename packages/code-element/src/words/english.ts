import type { Words } from './vocabulary.ts';

export const ENGLISH: Words = {
  problems: {
    nobody: { title: 'No credential yet', advice: 'Ask your issuer for one first.' },
    unreadable: {
      title: 'The credential cannot be read',
      advice: 'It is damaged, or not for this app: ask your issuer to send it again.',
    },
    newer_version: {
      title: 'Please update the app',
      advice: 'This credential is newer than the app: update, then open it again.',
    },
    copy: {
      title: 'This code was shown elsewhere',
      advice: 'A picture of a code cannot be shown again: use the credential from your issuer.',
    },
    no_key: {
      title: 'This phone cannot show the credential',
      advice: 'Use the phone that it was issued to, or ask at a counter for a new one.',
    },
    unbound: {
      title: 'This credential cannot be used here',
      advice:
        'The counter asks for a phone’s own signature: use a credential bound to this phone, or ask for a check by hand.',
    },
    other_device: {
      title: 'The credential belongs to another phone',
      advice: 'Use the phone that it was issued to, or have it moved to this one at a counter.',
    },
    expired: { title: 'The credential has expired', advice: 'Ask your issuer for a new one.' },
    delegation_expired: { title: 'The permission has ended', advice: 'Ask the holder to give it again.' },
    not_yet_valid: { title: 'Not valid yet', advice: 'The code appears by itself when it is time.' },
    clock_behind: {
      title: 'The phone’s time is wrong',
      advice: 'Turn on “Set time automatically” in the phone’s settings.',
    },
    strips_used_up: { title: 'No codes left', advice: 'Go online and fetch new ones.' },
    signing_failed: {
      title: 'The phone could not make a new code',
      advice: 'It is trying again. If that does not help, close the app and open it again, or ask at a counter.',
    },
    too_large: {
      title: 'The credential says too much',
      advice: 'It does not fit into a QR code: ask your issuer to send it again.',
    },
  },
  codeAlt: 'The QR code of your credential',
  people: 'Whose code to show',
  person: (number) => `Person ${number}`,
  delegate: (delegate, relation) => `Shown by ${delegate} (${relation})`,
  uses: (names) => `For: ${names.join(', ')}`,
  secondsLeft: (seconds) => `New code in ${seconds} s`,
  renewedAt: (time) => `Renewed at ${time}`,
  drawing: 'Making a code…',
  paused: { title: 'Paused', advice: 'A new code is shown when it goes on.' },
  availableFrom: (time) => `Valid from ${time}`,
  validUntil: (time) => `Valid until ${time}`,
  bearer: 'This code can be copied: do not send it to anyone, and put it away after use.',
  strip: (time) => `This code is for use until ${time}. It can be copied: do not send it to anyone.`,
  retrying: 'No new code yet; trying again.',
  brightness: 'Does it not scan? Turn up the brightness.',
  enlarge: 'Enlarge',
  shrink: 'Make smaller',
};
