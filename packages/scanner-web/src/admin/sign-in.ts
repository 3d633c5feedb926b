import { createServiceClient } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import { describeFailure } from './failure.ts';
import { createForm, createNotice, createSubmit, createTextField } from './field.ts';
import { createSession, type Session } from './session.ts';
import { type Phrase, say } from './spoken.ts';

const API_KEY = /^zk_[A-Za-z0-9_-]{43}$/;

/**
 * Asks for an API key.
 *
 * @param why what to say first, such as that the session has ended
 */
export function createSignIn(
  why: Phrase | undefined,
  { onSession, onEnd }: { onSession: (session: Session) => void; onEnd: () => void },
): HTMLElement {
  const key = createTextField({
    id: 'api-key',
    type: 'password',
    isCode: true,
    label: ({ signIn }) => signIn.key,
    hint: ({ signIn }) => signIn.keyHint,
  });
  key.input.autofocus = true;
  const notice = createNotice();
  const submit = createSubmit(({ signIn }) => signIn.submit);
  if (why) notice.tell('good', why);

  async function signIn(): Promise<void> {
    const apiKey = key.input.value.trim();
    notice.tell('good');
    if (!API_KEY.test(apiKey)) {
      key.fail((words) => words.signIn.keyFormat);
      key.input.focus();
      return;
    }
    const client = createServiceClient({ apiKey });
    const answer = await client.readOperator();
    if (!answer.ok) {
      notice.tell('bad', describeFailure(answer));
      key.input.select();
      return;
    }
    key.input.value = '';
    onSession(createSession(answer.value, client, onEnd));
  }

  return element(
    'section',
    { class: 'card sign-in' },
    element(
      'h1',
      {},
      say((words) => words.signIn.heading),
    ),
    createForm({ label: (words) => words.signIn.heading }, submit, signIn, key.row, notice.row, submit),
  );
}
