import { chooseLanguage, type Language } from '../words/language.ts';
import { cameraInput } from './camera-input.ts';
import { readBusinessType, readRoots, readServiceAddress } from './checked-options.ts';
import { createElementView } from './element-view.ts';
import type { ScannerInput } from './input-room.ts';
import { pasteInput } from './paste-input.ts';
import { DATABASE } from './scanner.ts';
import { describeScanner, type ScannerEvents, type ScannerState, tellChange } from './scanner-events.ts';
import { openSession, type Session } from './session.ts';
import { getStyleSheets } from './style-sheet.ts';

/** The events of {@link ZhengmaScannerElement}; they do not bubble. */
export interface ZhengmaScannerEventMap {
  /** The answer to a code. */
  readonly 'zhengma-verdict': CustomEvent<ScannerEvents['verdict']>;
  /** It does something else than before. */
  readonly 'zhengma-state': CustomEvent<ScannerEvents['state']>;
  /** Something stands in the way. */
  readonly 'zhengma-problem': CustomEvent<ScannerEvents['problem']>;
}

declare global {
  interface HTMLElementTagNameMap {
    'zhengma-scanner': ZhengmaScannerElement;
  }
  interface HTMLElementEventMap extends ZhengmaScannerEventMap {}
}

/** So that a server that renders pages can import what it never shows. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

const ALL_INPUTS = 'camera paste file';

/** Those after which a scanner begins anew. */
const SETTINGS = ['service', 'roots', 'inputs', 'files', 'database'];

/**
 * `<zhengma-scanner>`: reads codes and shows whether they are good. Runs for as long as it is in a page.
 *
 * Attributes: `service`, `roots` (separated by spaces), `business-type`, `files` and `database` as in `ScannerOptions`; `inputs`,
 * some of `camera paste file`, all unless given; `lang` (`zh-CN` or `en`; the document's unless given).
 */
export class ZhengmaScannerElement extends Base {
  static readonly observedAttributes: readonly string[] = [...SETTINGS, 'lang', 'business-type'];

  #session: Session | undefined;
  /** Whether it is to run while it is in a page. */
  #isWanted = true;
  #isStarting = false;
  #businessType: string | undefined;
  readonly #view = createElementView({
    dispatch: (event) => this.#session?.dispatch(event),
    onRetry: () => this.#retry(),
    onImage: (image) => this.#session?.scan(image),
    onRefresh: () => this.#session?.refreshLists(),
    onFocus: (touch) => this.#session?.focusCamera(touch),
  });

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [...getStyleSheets()];
    shadow.append(this.#view.root);
  }

  /** Nothing while it is stopped. */
  get state(): ScannerState | undefined {
    return this.#session && describeScanner(this.#session.state);
  }

  /** Starts it again after {@link stop}. */
  start(): void {
    this.#isWanted = true;
    this.#begin();
  }

  /** Lets go of the camera, the worker and the lists. */
  stop(): void {
    this.#isWanted = false;
    this.#end();
  }

  /** Takes the verdict away and looks for the next code. */
  next(): void {
    this.#session?.dispatch({ kind: 'next_person' });
  }

  /**
   * Checks the text of a code, or the code in a picture, in place of the verdict that stands.
   *
   * @throws TypeError while it is stopped
   */
  scan(what: string | Blob): void {
    if (!this.#session) throw new TypeError('the scanner is stopped');
    this.#session.scan(what);
  }

  /** Of the platform: it was put into a page. */
  connectedCallback(): void {
    // In one go with the attributes that are set beside it, and with a move to another place of the page.
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      if (this.isConnected && this.#isWanted) this.#begin();
    });
  }

  /** Of the platform: it was taken out of a page. */
  disconnectedCallback(): void {
    this.#end();
  }

  /** Of the platform: one of its attributes is another. */
  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (name === 'lang') {
      this.#session?.dispatch({ kind: 'language_chosen', language: this.#chooseLanguage() });
      return;
    }
    if (name === 'business-type') this.#limit(value);
    else this.#end();
    this.connectedCallback();
  }

  #begin(): void {
    if (this.#session || !this.isConnected) return;
    this.#limit(this.getAttribute('business-type'));
    const names = new Set((this.getAttribute('inputs') ?? ALL_INPUTS).split(/\s+/));
    this.#view.showInputs(names);
    const session = openSession({
      inputs: this.#makeInputs(names),
      service: readServiceAddress(this.getAttribute('service') ?? undefined),
      roots: readRoots(this.getAttribute('roots')?.trim().split(/\s+/)),
      files: this.getAttribute('files') ?? undefined,
      database: this.getAttribute('database') ?? DATABASE,
      language: this.#chooseLanguage(),
      businessType: () => this.#businessType,
      onChange: (state, before) => {
        this.#view.show(state);
        tellChange(state, before, (type, detail) => this.dispatchEvent(new CustomEvent(`zhengma-${type}`, { detail })));
      },
    });
    this.#session = session;
    this.#view.show(session.state);
  }

  /** A limit that cannot be read must not become none. */
  #limit(businessType: string | null): void {
    try {
      this.#businessType = readBusinessType(businessType ?? undefined);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #end(): void {
    this.#session?.dispatch({ kind: 'next_person' });
    this.#session?.close();
    this.#session = undefined;
  }

  /** Files are chosen in the element's own field. */
  #makeInputs(names: ReadonlySet<string>): ScannerInput[] {
    return [
      ...(names.has('camera') ? [cameraInput({ video: this.#view.video })] : []),
      ...(names.has('paste') ? [pasteInput()] : []),
    ];
  }

  #retry(): void {
    if (this.#session?.state.engine === 'failed') {
      this.#end();
      this.#begin();
    } else this.#session?.dispatch({ kind: 'camera_retried' });
  }

  #chooseLanguage(): Language {
    const language = this.lang || this.closest<HTMLElement>('[lang]')?.lang;
    return chooseLanguage(language ? [language] : navigator.languages);
  }
}
