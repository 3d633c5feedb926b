import type { SerialState } from '../input/serial-gun.ts';
import { element, keepFocus } from '../look/element.ts';
import { createFileButton } from '../look/file-button.ts';
import { icon } from '../look/icon.ts';
import type { Language } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { createDropZone } from './drop-zone.ts';
import type { FileReading } from './file-results.ts';
import { createFilesDialog } from './files-dialog.ts';
import { createGuns } from './guns.ts';
import { intakeWordsOf } from './intake-words.ts';
import './intake.css';

/** All that brings a code to the page but the camera: guns, files, what is pasted or dropped. */
export interface Intake {
  /** The buttons, for where a code is awaited. */
  readonly ways: HTMLElement;
  /** What must be in the page whatever it shows. */
  readonly parts: readonly HTMLElement[];
  /** After each change of the page. */
  show(language: Language): void;
}

/** What a page does with what is brought. */
export interface IntakeParts extends FileReading {
  readonly onCode: (text: string) => void;
  /** One picture is shown like any code; several are listed here. */
  readonly onPicture: (image: Blob) => void;
  /** The list of several is off the screen. */
  readonly onFilesClosed: () => void;
}

/** More than the largest QR code holds. */
const MOST_CHARACTERS = 8192;

/** Listens from now on. */
export function createIntake({ onCode, onPicture, onFilesClosed, ...reading }: IntakeParts): Intake {
  let spoken: Language | undefined;
  let serial: SerialState = 'none';
  const choose = createFileButton(true, take);
  const gunsLabel = element('span');
  const pasteOrDrop = element('p', { class: 'paste-or-drop' });
  const trouble = element('p', { class: 'notice', role: 'alert' });
  const files = createFilesDialog(reading, onFilesClosed);
  const zone = createDropZone(take);
  const guns = createGuns(onCode, (state) => {
    serial = state;
    drawTrouble();
  });
  const ways = element(
    'div',
    { class: 'ways' },
    trouble,
    choose.root,
    element(
      'button',
      { class: 'button', type: 'button', mousedown: keepFocus, click: guns.openDialog },
      icon('gun'),
      gunsLabel,
    ),
    pasteOrDrop,
  );

  document.addEventListener('paste', (event) => {
    if (event.target instanceof HTMLElement && event.target.matches('input:not([data-gun]), textarea')) return;
    const pasted = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain').trim();
    if (pasted.length > 0) take(pasted);
    else if (text && text.length <= MOST_CHARACTERS) onCode(text);
  });
  document.addEventListener('pointerup', guns.focusField);

  function take(chosen: readonly File[]): void {
    const [first, second] = chosen;
    if (second) files.judge(chosen);
    else if (first) onPicture(first);
  }

  function drawTrouble(): void {
    const isTrouble = serial === 'unplugged' || serial === 'busy';
    trouble.textContent = isTrouble && spoken ? intakeWordsOf(spoken).serial.state[serial] : '';
  }

  return {
    ways,
    parts: [guns.field, zone.root],
    show(language) {
      guns.focusField();
      if (language === spoken) return;
      spoken = language;
      const words = intakeWordsOf(language);
      choose.speak(wordsOf(language).scan.chooseImage);
      gunsLabel.textContent = words.openGuns;
      pasteOrDrop.textContent = words.pasteOrDrop;
      files.speak(language);
      zone.speak(language);
      guns.speak(language);
      drawTrouble();
    },
  };
}
