import type { IntakeWords } from './intake-vocabulary.ts';

export const INTAKE_ENGLISH: IntakeWords = {
  openGuns: 'Scanner gun',
  pasteOrDrop: 'Or paste, or drop images here',
  dropHere: 'Let go to read the images',
  close: 'Close',
  guns: {
    heading: 'Scanner gun',
    means: 'Plug it in and scan anywhere on this page: no field has to be clicked first.',
  },
  check: {
    heading: 'Check the gun',
    means: 'Scan the code below with the gun. It holds all 45 characters, and each is compared.',
    picture: 'The QR code for the check',
    waiting: 'Waiting for a scan…',
    right: 'All right: it can be used.',
    readable: 'It can be used: this page puts right what is listed below.',
    broken: 'It cannot be used yet. First see to what is listed below.',
    finding: {
      input_method: {
        reason: 'An input method is on and takes the keys.',
        next: 'This page can tell; better switch to English, with the Shift key in most.',
      },
      caps_lock: { reason: 'Caps Lock is on.', next: 'This page can tell; better press Caps Lock once.' },
      small_letters: {
        reason: 'Capital letters arrive small.',
        next: 'This page can tell; better turn off “convert to lower case” on the gun.',
      },
      full_width: {
        reason: 'Full-width characters or Chinese punctuation arrive.',
        next: 'This page can tell; better switch to half width and English punctuation.',
      },
      layout: {
        reason: 'The keyboard layout of this computer is not that of the gun.',
        next: 'This page can tell; better set the keyboard layout of the computer to US English.',
      },
      no_suffix: {
        reason: 'The gun sends no Enter after a code, which costs half a second each time.',
        next: 'Scan the setting “add Enter suffix” in the manual of the gun.',
      },
      wrong_layout: {
        reason: 'Some characters are wrong: the keyboard language of the gun is not that of the computer.',
        next: 'Scan the setting for the keyboard language “US English” in the manual of the gun, then scan again.',
      },
      lost: {
        reason: 'Characters were lost: the gun is too fast, or the computer too busy.',
        next: 'Set a longer pause between characters, such as 5 ms, by the manual of the gun; or use the serial port below.',
      },
      other_code: {
        reason: 'What arrived is not the code above.',
        next: 'Point at the code above and scan again. If it stays so, reset the gun to its factory settings.',
      },
    },
    changed: (pairs) => `Characters that differ: ${pairs.join(', ')}`,
    pair: (sent, arrived) => `${sent} → ${arrived}`,
    lost: (characters) => `Did not arrive: ${characters.join(' ')}`,
    space: 'space',
    speed: (count) => `Speed: ${count} characters a second`,
    suffix: { Enter: 'Suffix: Enter', Tab: 'Suffix: Tab', none: 'Suffix: none' },
  },
  serial: {
    heading: 'Serial port (most reliable)',
    means:
      'Set the gun to “USB virtual COM port” with Enter as its suffix, then choose the port. No input method or keyboard comes in between, and it connects by itself the next time.',
    unsupported: 'This browser has no serial port. Use Chrome or Edge on a computer.',
    choose: 'Choose the port',
    baudRate: 'Baud rate',
    state: {
      none: 'Not connected',
      opening: 'Connecting…',
      open: 'Connected: scan away.',
      unplugged: 'The serial gun is gone: plug it in, and it connects by itself.',
      busy: 'The serial gun cannot be opened: another program or page may have it. Close that, then plug the gun in anew or choose it again.',
    },
  },
  field: {
    heading: 'Scanners that only write into fields',
    means: 'Some handhelds (Android) scan only where there is a field. Turn it on if nothing happens when you scan.',
    turnOn: 'Turn the scan field on',
    turnOff: 'Turn the scan field off',
    label: 'Scan field',
  },
  files: {
    heading: 'Results of the images',
    progress: (done, total) => (done < total ? `Checking: ${done} of ${total}` : `${total} checked`),
    tooMany: (most) => `At most ${most} at once: the others were not read.`,
    unread: {
      too_large: 'Not read: larger than 20 MB',
      no_picture: 'Not read: no image, or damaged',
      no_code: 'There is no QR code in it',
      several_codes: 'Several codes in one image: only one at a time can be checked',
    },
    copy: 'Copy the results',
    copied: 'Copied.',
    notCopied: 'The browser does not allow copying.',
    copyMeans: 'Copied are the numbers, the results and the masked names and ID numbers, not the names of the files.',
  },
};
