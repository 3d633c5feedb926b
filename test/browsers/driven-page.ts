import { writeFile } from 'node:fs/promises';
import type { WebDriver } from './web-driver.ts';

/** One page of a browser, driven as a person or a scanner gun would. */
export interface DrivenPage {
  open(address: string): Promise<void>;
  /**
   * Asks in the page until the answer is neither false nor nothing.
   *
   * @param look is sent as its own text: it knows nothing but its arguments
   */
  waitFor<Answer, Argument extends readonly unknown[]>(
    look: (...given: Argument) => Answer | Promise<Answer>,
    ...given: Argument
  ): Promise<Answer>;
  /** Writes as fast as the browser takes keys, where the focus is. */
  write(keys: string): Promise<void>;
  /** Presses a key while another one is held down. */
  pressWith(held: string, key: string): Promise<void>;
  chooseFile(selector: string, file: string): Promise<void>;
  keepPicture(file: string): Promise<void>;
}

/** How long a page has for what a story waits for. */
const PATIENCE_MILLISECONDS = 10_000;

/** Keys as WebDriver names them (§17.4.2). */
export const KEYS = { enter: '\uE007', control: '\uE009' } as const;

/** The name that an element has in answers (WebDriver §12.1). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** @param driver one that has been started */
export async function drivePage(driver: WebDriver): Promise<DrivenPage> {
  await driver.send('SetTimeouts', { script: PATIENCE_MILLISECONDS, pageLoad: PATIENCE_MILLISECONDS });

  async function sendKeys(selector: string, text: string): Promise<void> {
    const found = await driver.send('FindElement', { using: 'css selector', value: selector });
    await driver.send('ElementSendKeys', { id: (found as Record<string, string>)[ELEMENT], text });
  }

  return {
    async open(address) {
      await driver.send('Navigate', { url: address });
    },
    async waitFor(look, ...given) {
      const script = `
        const [given, done] = arguments;
        const ask = async () => {
          const answer = await (${look})(...given);
          if (answer) done(answer);
          else setTimeout(ask, 20);
        };
        ask().catch((error) => done({ thrown: String(error) }));`;
      const answer = await driver.send('ExecuteAsyncScript', { script, args: [given] }).catch((error: Error) => {
        throw new Error(`${error.message} (${String(look).replaceAll(/\s+/g, ' ')})`);
      });
      const { thrown } = Object(answer) as { thrown?: string };
      if (thrown !== undefined) throw new Error(`in the page: ${thrown}`);
      return answer as never;
    },
    write: (keys) => sendKeys(':focus, body:not(:has(:focus))', keys),
    async pressWith(held, key) {
      const actions = [
        { type: 'keyDown', value: held },
        { type: 'keyDown', value: key },
        { type: 'keyUp', value: key },
        { type: 'keyUp', value: held },
      ];
      await driver.send('PerformActions', { actions: [{ type: 'key', id: 'keys', actions }] });
    },
    chooseFile: sendKeys,
    async keepPicture(file) {
      await writeFile(file, Buffer.from((await driver.send('TakeScreenshot', { full: false })) as string, 'base64'));
    },
  };
}
