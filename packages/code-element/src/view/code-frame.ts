import type { Picture } from '../renewal/picture.ts';
import type { ProblemWords } from '../words/words.ts';
import { create, createSvg, say } from './create.ts';

/** What stands in the place of the code. */
export type FrameContent =
  | { readonly kind: 'code'; readonly picture: Picture }
  | { readonly kind: 'trouble'; readonly words: ProblemWords; readonly availableFrom?: string }
  | { readonly kind: 'waiting'; readonly words: string };

/** The white square with the code, or with the reason why there is none. */
export interface CodeFrame {
  readonly element: HTMLElement;
  show(content: FrameContent, codeAlt: string): void;
  /** Fits the code to the square: whole device pixels for each module, or a camera sees some of them wider than others. */
  fit(): void;
  /** Whether the code would be larger in a square of this side, in CSS pixels. */
  wouldGrow(side: number): boolean;
}

/** A frame that shows nothing yet. */
export function createCodeFrame(): CodeFrame {
  const paper = createSvg('path', { fill: '#fff' });
  const ink = createSvg('path', { fill: '#000' });
  const code = createSvg('svg', { class: 'code', role: 'img', 'shape-rendering': 'crispEdges' }, paper, ink);
  const title = create('p', { class: 'trouble-title' });
  const advice = create('p');
  const since = create('p', { class: 'trouble-since' });
  const sign = createSvg(
    'svg',
    { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    createSvg('path', { d: 'M12 3.2 22 20.6H2ZM12 9.8v4.6M12 17.6v.1' }),
  );
  const trouble = create('div', { class: 'trouble', part: 'problem' }, sign, title, since, advice);
  const waiting = create('p', { class: 'waiting' });
  const element = create('div', { class: 'frame', part: 'code' }, code, trouble, waiting);
  let picture: Picture | undefined;

  function show(content: FrameContent, codeAlt: string): void {
    code.setAttribute('aria-label', codeAlt);
    code.toggleAttribute('hidden', content.kind !== 'code');
    trouble.hidden = content.kind !== 'trouble';
    element.classList.toggle('message', content.kind === 'trouble');
    say(waiting, content.kind === 'waiting' ? content.words : '');
    if (content.kind === 'trouble') {
      say(title, content.words.title);
      say(since, content.availableFrom ?? '');
      say(advice, content.words.advice);
    }
    draw(content.kind === 'code' ? content.picture : undefined);
  }

  /** Both paths change within one frame of the screen: no moment without a code lies between two of them. */
  function draw(next: Picture | undefined): void {
    if (next === picture) return;
    picture = next;
    ink.setAttribute('d', next?.path ?? '');
    if (!next) return;
    const { modules } = next;
    code.setAttribute('viewBox', `0 0 ${modules} ${modules}`);
    paper.setAttribute('d', `M0 0h${modules}v${modules}H0z`);
    fit();
  }

  function fit(): void {
    if (!picture) return;
    const side = String(sideIn(room(), picture));
    code.setAttribute('width', side);
    code.setAttribute('height', side);
  }

  function room(): number {
    return Math.min(element.clientWidth, element.clientHeight);
  }

  function wouldGrow(side: number): boolean {
    return picture !== undefined && sideIn(side, picture) > sideIn(room(), picture);
  }

  return { element, show, fit, wouldGrow };
}

function sideIn(room: number, { modules }: Picture): number {
  return (Math.max(1, Math.floor((room * devicePixelRatio) / modules)) * modules) / devicePixelRatio;
}
