import { join } from 'node:path';
import { type DrivenPage, KEYS } from './driven-page.ts';

/** What the stories are told with. */
export interface World {
  readonly origin: string;
  readonly apiKey: string;
  /** Of pages with `<zhengma-scanner>`. */
  readonly embedOrigin: string;
  readonly good: string;
  readonly revoked: string;
  /** With the signature of another code. */
  readonly altered: string;
  /** A file with a picture of the good code. */
  readonly picture: string;
  /** The same as an address of data. */
  readonly pictureData: string;
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
}

/** Something that must work in each browser. It rejects where it does not. */
export interface Story {
  readonly name: string;
  tell(page: DrivenPage, world: World): Promise<void>;
}

/** In the order in which they are told, in one and the same browser. */
export const STORIES: readonly Story[] = [
  {
    name: 'the scanner opens, its lists arrive',
    async tell(page, { origin }) {
      await page.open(`${origin}/scan/`);
      await awaitLists(page);
    },
  },
  {
    name: 'a camera is opened',
    tell: (page) => page.waitFor(hasLiveCamera).then(() => undefined),
  },
  {
    name: 'pasted: good, revoked, altered',
    async tell(page, { good, revoked, altered }) {
      await paste(page, good);
      await expectVerdict(page, 'valid', 'valid');
      await paste(page, revoked);
      await expectVerdict(page, 'refused', 'revoked');
      await paste(page, altered);
      await expectVerdict(page, 'refused', 'bad_signature');
      await nextPerson(page);
    },
  },
  {
    name: 'typed by a scanner gun',
    async tell(page, { good, revoked }) {
      await page.write(good + KEYS.enter);
      await expectVerdict(page, 'valid', 'valid');
      await page.write(revoked + KEYS.enter);
      await expectVerdict(page, 'refused', 'revoked');
      await nextPerson(page);
    },
  },
  {
    name: 'a picture from a file, by WASM',
    async tell(page, { picture }) {
      await page.waitFor(() => document.querySelector('.scan')?.getAttribute('data-engine') !== 'starting');
      await page.chooseFile('input[type="file"]', picture);
      await expectVerdict(page, 'valid', 'valid');
      await nextPerson(page);
    },
  },
  {
    name: 'a code before the camera',
    async tell(page, { pictureData }) {
      await page.waitFor(showToCamera, pictureData);
      await expectVerdict(page, 'valid', 'valid');
    },
  },
  {
    name: 'opened again without the service',
    async tell(page, { origin, good, goOffline, goOnline }) {
      await page.open(`${origin}/scan/`);
      await page.waitFor(() => Boolean(navigator.serviceWorker?.controller));
      await goOffline();
      try {
        await page.open(`${origin}/scan/`);
        await page.waitFor(() => document.querySelector('.lists-offline') !== null);
        await paste(page, good);
        await expectVerdict(page, 'valid', 'valid');
      } finally {
        await goOnline();
      }
    },
  },
  {
    name: 'the screen that faces the patient',
    async tell(page, { origin }) {
      await page.open(`${origin}/scan/patient/`);
      await page.waitFor(() => document.body.dataset['view'] !== undefined);
    },
  },
  {
    name: 'the holder’s page shows a code',
    async tell(page, { origin, good }) {
      await page.open(`${origin}/wallet/#${Buffer.from(good).toString('base64url')}`);
      await page.waitFor(() => {
        const code = document.querySelector('zhengma-code')?.shadowRoot;
        return [document.body, code].some((part) => part?.textContent?.includes('*0018'));
      });
    },
  },
  {
    name: 'the administration page, signed in',
    async tell(page, { origin, apiKey }) {
      await page.open(`${origin}/admin/`);
      await page.waitFor(() => document.querySelector<HTMLInputElement>('input')?.focus() === undefined);
      await page.write(apiKey + KEYS.enter);
      await page.waitFor(() => document.querySelector('nav') !== null);
    },
  },
  {
    name: '<zhengma-scanner> in a page of another',
    async tell(page, { embedOrigin, good }) {
      await page.open(`${embedOrigin}/`);
      await awaitLists(page);
      await paste(page, good);
      await expectVerdict(page, 'valid', 'valid');
    },
  },
];

/** What pictures of what a story left are called. */
export function pictureOf(folder: string, browser: string, story: string): string {
  return join(folder, `${browser} ${story}.png`.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-'));
}

/** The lists are here and were compared with the service's, in whatever language. */
async function awaitLists(page: DrivenPage): Promise<void> {
  await page.waitFor(() => {
    const root = document.querySelector('zhengma-scanner')?.shadowRoot ?? document;
    return Boolean(root.querySelector('.lists-checked')?.textContent);
  });
}

async function expectVerdict(page: DrivenPage, tone: string, code: string): Promise<void> {
  await page.waitFor(
    (...wanted) => {
      const root = document.querySelector('zhengma-scanner')?.shadowRoot ?? document;
      const { tone, code } = root.querySelector<HTMLElement>('.verdict')?.dataset ?? {};
      return tone === wanted[0] && code === wanted[1];
    },
    tone,
    code,
  );
}

/** By the button: an Enter as fast as a driver presses it is taken for the second one that some guns send. */
async function nextPerson(page: DrivenPage): Promise<void> {
  await page.waitFor(() => {
    document.querySelector<HTMLButtonElement>('.verdict .next')?.click();
    return true;
  });
  await page.waitFor(() => document.querySelector('.verdict') === null);
}

/** By the clipboard of the browser, with the keys that a person presses. */
async function paste(page: DrivenPage, text: string): Promise<void> {
  await page.waitFor((text) => {
    const field = document.createElement('textarea');
    field.className = 'to-be-copied';
    field.value = text;
    document.body.append(field);
    field.focus();
    field.select();
    return true;
  }, text);
  await page.pressWith(KEYS.control, 'c');
  await page.waitFor(() => {
    document.querySelector('.to-be-copied')?.remove();
    return true;
  });
  await page.pressWith(KEYS.control, 'v');
}

function hasLiveCamera(): boolean {
  return document.querySelector('.scan[data-camera="live"]') !== null;
}

/** From now on the browser's camera shows a picture: the page lets go of the other one as it does while it is hidden. */
async function showToCamera(data: string): Promise<boolean> {
  const image = new Image();
  image.src = data;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  setInterval(() => {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 1280, 720);
    context.drawImage(image, 340, 60, 600, 600);
  }, 100);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
  for (const hidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }
  return true;
}
