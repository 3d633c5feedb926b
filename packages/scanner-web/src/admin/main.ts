import '../look/stop-if-old.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { adminWordsOf } from './admin-words.ts';
import { createFrame } from './frame.ts';
import { createIdleWatch } from './idle-watch.ts';
import type { Session } from './session.ts';
import { createSignIn } from './sign-in.ts';
import { type Phrase, speak } from './spoken.ts';
import '../look/look.css';
import './admin.css';

/** A counter that was left alone is not signed in for long. */
const IDLE_MINUTES = 15;

let language = recallLanguage();
let isSignedIn = false;
const frame = createFrame(document.body, {
  onLanguage: switchLanguage,
  onSignOut: () => end(({ signIn }) => signIn.signedOut),
});
const watch = createIdleWatch(IDLE_MINUTES, () => end(({ signIn }) => signIn.idle(IDLE_MINUTES)));
// A page that the browser keeps for its Back button would keep the key with it.
addEventListener('pagehide', () => end(({ signIn }) => signIn.signedOut));
showSignIn();
speakPage();

function showSignIn(why?: Phrase): void {
  frame.showSignIn(createSignIn(why, { onSession: begin, onEnd: () => end(({ signIn }) => signIn.ended) }));
}

function begin(session: Session): void {
  isSignedIn = true;
  watch.start();
  frame.showSession(session);
}

function end(why: Phrase): void {
  if (!isSignedIn) return;
  isSignedIn = false;
  watch.stop();
  showSignIn(why);
}

function switchLanguage(): void {
  language = otherLanguage(language);
  rememberLanguage(language);
  speakPage();
}

function speakPage(): void {
  speak(language);
  document.title = `${adminWordsOf(language).title} · ${wordsOf(language).brand}`;
}
