import { element } from '../look/element.ts';
import { type CheckedBurst, checkGun, type GunReport } from '../scanner/gun-check.ts';
import type { Language } from '../words/language.ts';
import { type IntakeWords, intakeWordsOf } from './intake-words.ts';

/** The set-up code, and how the gun read it. */
export interface CheckSection {
  readonly root: HTMLElement;
  /** What was read while the dialog is open. */
  take(burst: CheckedBurst): void;
  clear(): void;
  speak(language: Language): void;
}

/** Waits for a scan. */
export function createCheckSection(): CheckSection {
  let words: IntakeWords = intakeWordsOf('zh-CN');
  let report: GunReport | undefined;
  const heading = element('h3', {});
  const means = element('p', {});
  // Drawn beforehand: what draws codes is larger than the rest of the page.
  const picture = element('img', { class: 'check-code', src: '/scan/gun-check.svg', width: '190', height: '190' });
  const answer = element('div', { class: 'check-answer', role: 'status' });
  const root = element('section', { class: 'intake-section' }, heading, means, picture, answer);

  function draw(): void {
    heading.textContent = words.check.heading;
    means.textContent = words.check.means;
    picture.alt = words.check.picture;
    answer.setAttribute('data-outcome', nameOutcome(report));
    answer.replaceChildren(...(report ? renderReport(report, words) : [element('p', {}, words.check.waiting)]));
  }

  return {
    root,
    take(burst) {
      report = checkGun(burst);
      draw();
      // On a small screen the answer is below the code.
      answer.scrollIntoView({ block: 'nearest' });
    },
    clear() {
      report = undefined;
      draw();
    },
    speak(language) {
      words = intakeWordsOf(language);
      draw();
    },
  };
}

function nameOutcome(report: GunReport | undefined): 'waiting' | 'right' | 'readable' | 'broken' {
  if (!report) return 'waiting';
  if (!report.isReadable) return 'broken';
  return report.findings.length > 0 ? 'readable' : 'right';
}

function renderReport(report: GunReport, { check }: IntakeWords): HTMLElement[] {
  const outcome = nameOutcome(report);
  const name = (character: string) => (character === ' ' ? check.space : character);
  const changed = report.changed.map(({ sent, arrived }) => check.pair(name(sent), name(arrived)));
  const speed = report.charactersPerSecond === undefined ? [] : [check.speed(report.charactersPerSecond)];
  const isOther = report.findings.includes('other_code');
  return [
    element('p', { class: 'check-outcome' }, outcome === 'waiting' ? '' : check[outcome]),
    ...report.findings.map((finding) =>
      element(
        'div',
        { class: 'check-finding', 'data-finding': finding },
        element('p', { class: 'check-reason' }, check.finding[finding].reason),
        element('p', {}, check.finding[finding].next),
      ),
    ),
    ...(changed.length > 0 && !isOther ? [element('p', { class: 'check-characters' }, check.changed(changed))] : []),
    ...(report.lost.length > 0 ? [element('p', { class: 'check-characters' }, check.lost(report.lost.map(name)))] : []),
    element('p', {}, [...speed, check.suffix[report.suffix]].join(' · ')),
  ];
}
