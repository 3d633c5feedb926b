import { createSerialGun, type SerialGun, type SerialLike, type SerialState } from '../input/serial-gun.ts';
import type { Burst } from '../input/wedge.ts';
import { listenForGun } from '../input/wedge-listener.ts';
import { readBurst } from '../scanner/gun-text.ts';
import { createScanMemory } from '../scanner/scan-memory.ts';
import type { Language } from '../words/language.ts';
import { createCheckSection } from './check-section.ts';
import { createFieldSection } from './field-section.ts';
import { type GunSettings, recallGunSettings, rememberGunSettings } from './gun-settings.ts';
import { intakeWordsOf } from './intake-words.ts';
import { createScanField } from './scan-field.ts';
import { createSerialSection } from './serial-section.ts';
import { createSheet } from './sheet.ts';

/** Scanner guns: those that play a keyboard, those at a serial port, those that write into a field. */
export interface Guns {
  /** For the page: it must be visible whatever else is. */
  readonly field: HTMLElement;
  openDialog(): void;
  focusField(): void;
  speak(language: Language): void;
}

/**
 * Heard from now on.
 *
 * @param onCode takes the text of each code, once
 * @param onSerial told how the serial port fares; never where the browser has none
 */
export function createGuns(onCode: (text: string) => void, onSerial: (state: SerialState) => void): Guns {
  let settings = recallGunSettings();
  const memory = createScanMemory();
  const field = createScanField();
  const check = createCheckSection();
  const serialSection = createSerialSection(settings.baudRate, {
    onChoose: () => serial?.choosePort(),
    onBaudRate(baudRate) {
      change({ baudRate });
      serial?.setBaudRate(baudRate);
    },
  });
  const fieldSection = createFieldSection(settings.hasField, (hasField) => {
    change({ hasField });
    field.turn(hasField);
  });
  const means = document.createElement('p');
  const sheet = createSheet(
    {
      takesGun: true,
      onClose() {
        check.clear();
        field.focusIfFree();
      },
    },
    [means, check.root, serialSection.root, fieldSection.root],
  );

  listenForGun(take);
  const serial = openSerial();
  field.turn(settings.hasField);

  function change(part: Partial<GunSettings>): void {
    settings = { ...settings, ...part };
    rememberGunSettings(settings);
  }

  function take(burst: Burst): void {
    if (sheet.isOpen) check.take(burst);
    else hand(readBurst(burst) ?? '');
  }

  function takeLine(text: string): void {
    if (sheet.isOpen) {
      check.take({ typed: text, placed: text, isComposed: false, isCapsLocked: false, suffix: 'Enter' });
    } else hand(text);
  }

  function hand(text: string): void {
    if (document.querySelector('dialog[open]')) return;
    if (memory.isNewCode(text, performance.now())) onCode(text);
  }

  function openSerial(): SerialGun | undefined {
    if (!('serial' in navigator)) return undefined;
    serialSection.show('none');
    return createSerialGun({
      serial: navigator.serial as SerialLike,
      baudRate: settings.baudRate,
      onText: takeLine,
      onState(state) {
        serialSection.show(state);
        onSerial(state);
      },
    });
  }

  return {
    field: field.root,
    openDialog: sheet.open,
    focusField: field.focusIfFree,
    speak(language) {
      const words = intakeWordsOf(language);
      sheet.heading.textContent = words.guns.heading;
      sheet.close.textContent = words.close;
      means.textContent = words.guns.means;
      check.speak(language);
      serialSection.speak(language);
      fieldSection.speak(language);
      field.speak(language);
    },
  };
}
