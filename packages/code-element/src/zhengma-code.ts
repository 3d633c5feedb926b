import { type Holding, readHolding } from './holding/holding.ts';
import { copyPeople, type Person } from './holding/person.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { type Asked, drawPicture, type Picture } from './renewal/picture.ts';
import { createRenewal, type Renewal, type Shown } from './renewal/renewal.ts';
import { listenToGestures } from './view/gestures.ts';
import { getStyleSheet } from './view/style-sheet.ts';
import { createView } from './view/view.ts';
import { createWakeLock } from './view/wake-lock.ts';
import { chooseLanguage } from './words/language.ts';

/** The events of {@link ZhengmaCode}. None says whom a code is about. */
export interface ZhengmaCodeEvents {
  /** A new code is on the screen. */
  readonly renewed: CustomEvent<{ readonly renewAt: Date; readonly expiresAt: Date }>;
  /** There is no code, or no new one; `code` says why. Again only when the reason is another one. */
  readonly failed: CustomEvent<{ readonly code: ProblemCode }>;
  /** Somebody else is shown. */
  readonly personchange: CustomEvent<{ readonly index: number }>;
}

/** So that a server that renders pages can import what it never shows. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

const PROPERTIES = ['people', 'selected', 'audience', 'challenge', 'now'] as const;

/**
 * `<zhengma-code>`: the code of one person, of several, on a phone. Renews itself, hides what has expired, says what is
 * wrong. Signs with the given keys, opens no connection, keeps nothing.
 *
 * Attributes: `lang` (`zh-CN` or `en`; the document's by default), `paused`, `large`.
 */
export class ZhengmaCode extends Base {
  /** The attributes whose change the browser tells of; the others are read when they are needed. */
  static readonly observedAttributes = ['lang', 'paused', 'hidden'];

  /** Nothing is shown, and nothing reported, before it is set. */
  #people: readonly Person[] | undefined;
  #selected = 0;
  #asked: Asked = {};
  #clock = () => new Date();
  #shown: Shown = {};
  #enlarged = false;
  /** By person: taken apart once; `#holdings` has those that are. */
  #reading: readonly Promise<Holding>[] = [];
  #holdings: (Holding | undefined)[] = [];
  readonly #renewal: Renewal;
  readonly #view = createView({
    onPerson: (index) => this.#select(index),
    onEnlarge: () => this.#enlarge(!this.#enlarged),
  });
  readonly #wakeLock = createWakeLock();
  readonly #onResize = () => this.#view.fit();
  readonly #resizing = new ResizeObserver(this.#onResize);
  readonly #documentLanguage = new MutationObserver(() => this.#show());
  readonly #onVisibility = () => this.#runOrStop();
  readonly #onFullscreen = () => {
    if (!this.#isFullscreen() && this.#enlarged) this.#enlarge(false);
  };

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [getStyleSheet()];
    root.append(...this.#view.nodes);
    root.addEventListener('keydown', (event) => this.#onKey(event as KeyboardEvent));
    listenToGestures(this.#view.stage, {
      onSwipe: (step) => this.#step(step),
      onTap: (target) => {
        const isOnCode = this.#shown.picture && this.#view.frame.contains(target as Node);
        if (isOnCode && this.#view.canEnlarge()) this.#enlarge(!this.#enlarged);
      },
    });
    this.#renewal = createRenewal({
      now: () => this.#readClock(),
      draw: (now) => this.#draw(now),
      onShown: (shown) => {
        this.#shown = shown;
        this.#show();
      },
      onRenewed: ({ renewAt, expiresAt }) => this.#report('renewed', { renewAt, expiresAt }),
      onFailed: ({ code }) => this.#report('failed', { code }),
    });
  }

  /** Whose codes there are. Setting it shows the first of them, or goes on with the place in the list that was shown. */
  get people(): readonly Person[] {
    return this.#people ?? [];
  }

  /** @throws TypeError for what is no list of people */
  set people(people: readonly Person[]) {
    const copied = copyPeople(people);
    this.#people = copied;
    const holdings: (Holding | undefined)[] = [];
    this.#holdings = holdings;
    this.#reading = copied.map(async (person, index) => {
      const holding = await readHolding(person);
      holdings[index] = holding;
      this.#show();
      return holding;
    });
    const before = this.#selected;
    this.#selected = Math.min(before, Math.max(0, copied.length - 1));
    this.#renewal.stop();
    this.#renewal.forget();
    this.#runOrStop();
    if (this.#selected !== before) this.#report('personchange', { index: this.#selected });
  }

  /** The place of the person that is shown, from 0. */
  get selected(): number {
    return this.#selected;
  }

  /** @throws RangeError when nobody has that place */
  set selected(index: number) {
    if (!Number.isInteger(index) || index < 0 || index >= Math.max(1, this.people.length)) {
      throw new RangeError('selected must be a place in people');
    }
    this.#select(index);
  }

  /** The verifier that the code is for; any by default. */
  get audience(): string | undefined {
    return this.#asked.audience;
  }

  /** @throws TypeError when it is no text of 1 to 64 printable characters */
  set audience(audience: string | undefined) {
    if (
      audience !== undefined &&
      !(typeof audience === 'string' && /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u.test(audience))
    ) {
      throw new TypeError('audience must be a string of 1 to 64 printable characters');
    }
    const { challenge } = this.#asked;
    this.#ask({ ...(audience !== undefined && { audience }), ...(challenge && { challenge }) });
  }

  /** The challenge of an online counter. */
  get challenge(): Uint8Array | undefined {
    return this.#asked.challenge?.slice();
  }

  /** @throws TypeError when it is not 8 to 64 bytes */
  set challenge(challenge: Uint8Array | undefined) {
    if (
      challenge !== undefined &&
      !(challenge instanceof Uint8Array && challenge.length >= 8 && challenge.length <= 64)
    ) {
      throw new TypeError('challenge must be a Uint8Array of 8 to 64 bytes');
    }
    const { audience } = this.#asked;
    this.#ask({ ...(audience !== undefined && { audience }), ...(challenge && { challenge: challenge.slice() }) });
  }

  /** The clock; this device's by default. */
  get now(): () => Date {
    return this.#clock;
  }

  /** @throws TypeError for what is no function. One that throws, or gives no Date, is a device that cannot sign */
  set now(now: () => Date) {
    if (typeof now !== 'function') throw new TypeError('now must be a function that gives a Date');
    this.#clock = now;
    this.#runOrStop();
  }

  /** The browser calls it when the element comes into a page: from then on codes are drawn. */
  connectedCallback(): void {
    // Set before the element was defined, they would hide the setters.
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = this[name];
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#resizing.observe(this.#view.frame);
    this.#documentLanguage.observe(document.documentElement, { attributeFilter: ['lang'] });
    document.addEventListener('visibilitychange', this.#onVisibility);
    document.addEventListener('fullscreenchange', this.#onFullscreen);
    addEventListener('pageshow', this.#onVisibility);
    addEventListener('resize', this.#onResize);
    this.#runOrStop();
  }

  /** The browser calls it when the element leaves the page: nothing is signed any longer. */
  disconnectedCallback(): void {
    this.#resizing.disconnect();
    this.#documentLanguage.disconnect();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    document.removeEventListener('fullscreenchange', this.#onFullscreen);
    removeEventListener('pageshow', this.#onVisibility);
    removeEventListener('resize', this.#onResize);
    this.#enlarged = false;
    this.#runOrStop();
  }

  /** The browser calls it for each of `observedAttributes`. */
  attributeChangedCallback(name: string): void {
    if (name === 'lang') this.#show();
    else this.#runOrStop();
  }

  #runOrStop(): void {
    if (this.#people && this.#isSeen()) this.#renewal.start();
    else this.#renewal.stop();
    this.#show();
  }

  /** Without a clock nobody knows how old a code is: an invalid Date, by which none is good. */
  #readClock(): Date {
    try {
      const now = this.#clock();
      if (now instanceof Date) return now;
    } catch {}
    return new Date(Number.NaN);
  }

  #isSeen(): boolean {
    return this.isConnected && !document.hidden && !this.hidden && !this.hasAttribute('paused');
  }

  async #draw(now: Date): Promise<Picture | Problem> {
    const [person, reading, asked] = [this.people[this.#selected], this.#reading[this.#selected], this.#asked];
    return person && reading ? drawPicture(await reading, person.key, asked, now) : { code: 'nobody' };
  }

  #ask(asked: Asked): void {
    this.#asked = asked;
    // The code on the screen answers another question.
    this.#renewal.forget();
  }

  #step(step: 1 | -1): void {
    const { length } = this.people;
    if (length > 1) this.#select((this.#selected + step + length) % length);
  }

  #select(index: number): void {
    if (index === this.#selected) return;
    this.#selected = index;
    this.#renewal.forget();
    this.#view.followFocus();
    this.#report('personchange', { index });
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowRight') this.#step(1);
    else if (event.key === 'ArrowLeft') this.#step(-1);
    else if (event.key === 'Escape' && this.#enlarged) this.#enlarge(false);
    else return;
    event.preventDefault();
  }

  /** All of the screen where the browser gives it, all of the page where not. */
  #enlarge(enlarged: boolean): void {
    this.#enlarged = enlarged;
    this.#show();
    this.#view.focusEnlarge();
    if (enlarged) this.#view.stage.requestFullscreen?.().catch(() => undefined);
    else if (this.#isFullscreen()) document.exitFullscreen().catch(() => undefined);
  }

  #isFullscreen(): boolean {
    return this.shadowRoot?.fullscreenElement != null;
  }

  #show(): void {
    const paused = this.hasAttribute('paused');
    this.#wakeLock.hold(this.#isSeen() && this.#shown.picture !== undefined);
    this.#view.show({
      language: chooseLanguage([findLanguageTag(this), ...(globalThis.navigator?.languages ?? [])]),
      now: this.#readClock(),
      labels: this.people.map(({ label }, index) => label ?? this.#nameOf(index)),
      selected: this.#selected,
      holding: this.#holdings[this.#selected],
      shown: this.#shown,
      paused,
      enlarged: this.#enlarged,
    });
  }

  #nameOf(index: number): string | undefined {
    const holding = this.#holdings[index];
    return holding && 'holder' in holding ? holding.holder.name : undefined;
  }

  #report<Name extends keyof ZhengmaCodeEvents>(name: Name, detail: ZhengmaCodeEvents[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** As every element has it, with the types of {@link ZhengmaCodeEvents}. */
  declare addEventListener: {
    <Name extends keyof ZhengmaCodeEvents>(
      name: Name,
      listener: (this: ZhengmaCode, event: ZhengmaCodeEvents[Name]) => void,
      options?: boolean | AddEventListenerOptions,
    ): void;
    (name: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  };
}

/** Of the nearest element around that says it, through shadow roots too. */
function findLanguageTag(element: Element): string | null | undefined {
  const nearest = element.closest('[lang]');
  if (nearest) return nearest.getAttribute('lang');
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? findLanguageTag(root.host) : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'zhengma-code': ZhengmaCode;
  }
}
