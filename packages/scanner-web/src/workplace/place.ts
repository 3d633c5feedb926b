import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { maskVerdict } from '../verdict/masking.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { type Circumstances, describeHandOver } from './hand-over-message.ts';
import { createHandOverPanel } from './hand-over-panel.ts';
import { sendHandOver } from './hand-over-sender.ts';
import { watchKiosk } from './kiosk.ts';
import { createLogDialog } from './log-dialog.ts';
import { watchLoneKey } from './lone-key.ts';
import { createSettings } from './settings-dialog.ts';
import { addEntry, type ShiftLog } from './shift-log.ts';
import { printSlip, removeSlips } from './slip.ts';
import { createStepBar } from './step-bar.ts';
import { listSteps } from './steps.ts';
import { createTrainingBar } from './training-bar.ts';
import { DEFAULT_WORKPLACE, type Workplace, type WorkplaceMode } from './workplace.ts';
import { workplaceWordsOf } from './workplace-words.ts';
import './place.css';

/** Everything that the page shows because of the place it stands at. */
export interface Place {
  /** What the header says of the place, and the buttons beside it. */
  readonly where: HTMLElement;
  readonly header: readonly HTMLElement[];
  /** Below the header: the training banner, the steps of a hospital. */
  readonly bars: readonly HTMLElement[];
  /** Beside a verdict: handing over, printing, the time that is left. */
  readonly tools: HTMLElement;
  /** Beside the picture of the camera: specimens to practise with. */
  readonly practice: HTMLElement;
  show(view: PlaceView): void;
  /** What a check that begins now is made under: it is recorded and handed over under the same, whatever changes meanwhile. */
  readonly setting: CheckSetting;
  /** A code was judged: it goes into the log, and to the HIS where the settings say so. */
  take(check: Check): void;
  /** Of a specimen; nothing of the service is asked or told. */
  judgeSpecimen(text: string, businessType: string | undefined): Promise<Verdict>;
  /** Somebody else works here, or nobody, or for other business. @returns whether somebody has left */
  changeShift(): boolean;
}

/** Who checks, where and for what. */
export interface CheckSetting extends Pick<Circumstances, 'businessType' | 'operator' | 'windowNumber' | 'deviceType'> {
  readonly mode: WorkplaceMode;
}

/** One check from its begin to its end. */
export interface Check {
  readonly text: string;
  readonly verdict: Verdict;
  readonly setting: CheckSetting;
  readonly receipt?: Promise<string | undefined>;
}

export interface PlaceView {
  readonly language: Language;
  readonly workplace: Workplace;
  readonly verdict?: Verdict | undefined;
  /** Of the time of a verdict, from 1 down to 0; nothing where no time is shown. */
  readonly left?: number | undefined;
}

/** What a place asks of the operator's desk. */
export interface PlaceDesk {
  readonly businessType: string | undefined;
  readonly operator:
    | { readonly id: string; readonly scope: { readonly businessTypes?: readonly string[] | undefined } }
    | undefined;
  chooseBusinessType(code: string): void;
  open(): void;
}

export interface PlaceParts {
  readonly desk: PlaceDesk;
  /** What is held down at a kiosk for the settings. */
  readonly logo: HTMLElement;
  readonly onSettings: (workplace: Workplace) => void;
  /** A specimen is shown, as if it had been scanned. */
  readonly onSpecimen: (text: Promise<string>) => void;
  /** Whoever stood at a kiosk has left. */
  readonly onLeft: () => void;
}

export function createPlace({ desk, logo, onSettings, onSpecimen, onLeft }: PlaceParts): Place {
  let shown: PlaceView | undefined;
  let log: ShiftLog = [];
  let worker = desk.operator?.id;
  /** What is on the screen: the text of the code is kept where the settings have it handed over, and goes with the answer. */
  let judged: JudgedCheck | undefined;
  /** What is on its way: a slow HIS holds up nobody who comes after. */
  let sending: JudgedCheck | undefined;

  const settings = createSettings(onSettings, desk.open);
  const where = element('p', { class: 'place-where' });
  const logLabel = element('span');
  const logDialog = createLogDialog();
  const logButton = element(
    'button',
    { class: 'button small log-open', type: 'button', mousedown: keepFocus, click: logDialog.open },
    icon('lists'),
    logLabel,
  );
  const training = createTrainingBar(onSpecimen);
  const steps = createStepBar(desk.chooseBusinessType);
  const handOver = createHandOverPanel(sendShown);
  const printLabel = element('span');
  const print = element(
    'button',
    { class: 'button', type: 'button', mousedown: keepFocus, click: printNow },
    icon('print'),
    printLabel,
  );
  const left = element('progress', { class: 'place-left', max: '1' });
  const tools = element('section', { class: 'place-tools' }, handOver.root, print, left);

  watchKiosk(logo, () => shown?.workplace.mode === 'kiosk', {
    onHeld: settings.open,
    onLeft() {
      for (const dialog of document.querySelectorAll('dialog')) dialog.close();
      onLeft();
    },
  });
  // Nobody who stands at a kiosk hands anything over.
  watchLoneKey('KeyH', () => shown?.workplace.mode !== 'kiosk' && sendShown());

  function sendShown(): void {
    if (judged) send(judged);
  }

  async function send(mine: JudgedCheck): Promise<void> {
    const target = shown && chooseTarget(shown.workplace);
    // What was judged in another kind of place, as a specimen was, is nothing for the HIS behind this one.
    if (!target || mine.setting.mode !== shown?.workplace.mode || sending === mine) return;
    sending = mine;
    if (judged === mine) handOver.mark('sending');
    const outcome = await sendHandOver(target, describeHandOver(mine.verdict, await describeCircumstances(mine)));
    if (sending === mine) sending = undefined;
    if (judged === mine) handOver.mark(outcome);
  }

  async function printNow(): Promise<void> {
    if (!shown || !judged) return;
    const { text: _, ...mine } = judged;
    printSlip(mine.verdict, await describeCircumstances(mine), shown.language);
  }

  async function write({
    verdict,
    setting: { mode, businessType, operator },
    receipt: recorded,
  }: JudgedCheck): Promise<void> {
    const receipt = await recorded;
    // Whoever relieved them meanwhile has a log of their own.
    if (operator !== worker) return;
    const { name, idNumber } = maskVerdict(verdict).person ?? {};
    log = addEntry(log, {
      at: verdict.checkedAt,
      tone: verdict.tone,
      code: verdict.code,
      isTraining: mode === 'training',
      ...(name !== undefined && { name }),
      ...(idNumber !== undefined && { idNumber }),
      ...(businessType !== undefined && { businessType }),
      ...(receipt !== undefined && { receipt }),
    });
    draw();
  }

  function draw(): void {
    if (!shown) return;
    const { language, workplace, verdict } = shown;
    const words = workplaceWordsOf(language);
    const { mode, windowNumber } = workplace;
    document.body.dataset['mode'] = mode;
    settings.show(language, workplace);
    const errand = desk.businessType === undefined ? undefined : nameBusinessType(desk.businessType, language);
    where.replaceChildren(
      ...(windowNumber === undefined ? [] : [element('strong', {}, words.window(windowNumber))]),
      ...(windowNumber === undefined || errand === undefined ? [] : [element('span', {}, errand)]),
    );
    logLabel.textContent = words.log.open;
    logDialog.show(language, log);
    training.banner.hidden = mode !== 'training';
    training.specimens.hidden = mode !== 'training' || verdict !== undefined;
    if (mode === 'training') training.speak(language);
    if (mode === 'hospital' && desk.operator) {
      steps.show(language, listSteps(desk.operator.scope.businessTypes), desk.businessType);
    } else {
      steps.show(language, [], undefined);
    }
    // What became of it means nothing to whoever stands at a kiosk.
    handOver.root.hidden = mode === 'kiosk' || chooseTarget(workplace) === undefined;
    handOver.speak(words.handOver);
    print.hidden = mode !== 'kiosk' || verdict?.tone !== 'valid';
    printLabel.textContent = words.slip.print;
    left.hidden = shown.left === undefined;
    left.value = shown.left ?? 0;
    left.setAttribute('aria-label', words.left);
    tools.hidden = verdict === undefined;
  }

  return {
    where,
    header: [logButton, settings.button],
    bars: [training.banner, steps.root],
    tools,
    practice: training.specimens,
    show(view) {
      const { mode } = view.workplace;
      if (mode === 'training' && shown?.workplace.mode !== mode) training.prepare();
      shown = view;
      if (!view.verdict) {
        judged = undefined;
        removeSlips();
      }
      draw();
    },
    get setting() {
      const { businessType, operator } = desk;
      const { mode, windowNumber } = shown?.workplace ?? DEFAULT_WORKPLACE;
      return {
        mode,
        ...(businessType !== undefined && { businessType }),
        ...(operator && { operator: operator.id }),
        ...(windowNumber !== undefined && { windowNumber }),
        ...(mode === 'kiosk' && { deviceType: 'SelfService' as const }),
      };
    },
    take({ text, ...check }) {
      if (!shown) return;
      const target = chooseTarget(shown.workplace);
      const mine = target?.withCode ? { ...check, text } : check;
      if (shown.verdict === mine.verdict) {
        judged = mine;
        handOver.mark('open');
      }
      write(mine);
      if (target?.automatic) send(mine);
    },
    judgeSpecimen: training.judge,
    changeShift() {
      const hasLeft = worker !== undefined && desk.operator?.id !== worker;
      if (desk.operator?.id !== worker) log = [];
      worker = desk.operator?.id;
      draw();
      return hasLeft;
    },
  };
}

type JudgedCheck = Omit<Check, 'text'> & Partial<Pick<Check, 'text'>>;

async function describeCircumstances({ setting, receipt: recorded, text }: JudgedCheck): Promise<Circumstances> {
  const { mode: _, ...circumstances } = setting;
  const receipt = await recorded;
  return { ...circumstances, ...(receipt !== undefined && { receipt }), ...(text !== undefined && { text }) };
}

/** Where results go from this device now. At a kiosk nobody presses a button or pastes, and specimens are for nobody. */
function chooseTarget({ mode, handOver }: Workplace): Workplace['handOver'] {
  if (mode === 'kiosk') return handOver?.automatic && handOver.way !== 'clipboard' ? handOver : undefined;
  return mode === 'counter' || mode === 'hospital' ? handOver : undefined;
}
