import type { Verdict } from '../verdict/verdict.ts';
import type { Language } from '../words/language.ts';
import { createLoudspeaker } from './loudspeaker.ts';
import { lengthOf, SIGNALS } from './notes.ts';
import { sayVerdict } from './sentence.ts';
import { chooseVoice } from './voice-choice.ts';

/** What this device may let be heard. */
export interface Hearing {
  readonly voice: boolean;
  readonly sound: boolean;
  /** For older people: spoken more slowly. */
  readonly elder: boolean;
}

/** Lets verdicts be heard: a signal, then a sentence. */
export interface Announcer {
  announce(verdict: Pick<Verdict, 'tone' | 'code'>, language: Language): void;
  /** Ends what is being said: it was about somebody who is gone. */
  hush(): void;
}

const CALM_RATE = 0.85;

/** @param hearing as it is at the time */
export function createAnnouncer(hearing: () => Hearing): Announcer {
  const speech = 'speechSynthesis' in window ? window.speechSynthesis : undefined;
  const loudspeaker = createLoudspeaker(() => hearing().sound);
  let next: ReturnType<typeof setTimeout> | undefined;
  // Some browsers look their voices up only once somebody has asked.
  speech?.getVoices();

  function hush(): void {
    clearTimeout(next);
    speech?.cancel();
  }

  function speak(sentence: string, language: Language): void {
    // Before anybody has touched the page a browser refuses, and complains.
    if (!speech || !navigator.userActivation?.hasBeenActive) return;
    const voice = chooseVoice(speech.getVoices(), language);
    if (!voice) return;
    const spoken = new SpeechSynthesisUtterance(sentence);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    if (hearing().elder) spoken.rate = CALM_RATE;
    speech.speak(spoken);
  }

  return {
    hush,
    announce(verdict, language) {
      hush();
      const { sound, voice } = hearing();
      const notes = SIGNALS[verdict.tone];
      if (sound) loudspeaker.play(notes);
      if (!voice) return;
      // One after the other: of two things at once old ears hear neither.
      next = setTimeout(() => speak(sayVerdict(verdict, language), language), sound ? lengthOf(notes) * 1000 : 0);
    },
  };
}
