import type { Note } from './notes.ts';

const LOUDNESS = 0.25;
/** A note that starts or ends at once clicks. */
const FADE_SECONDS = 0.015;

/** Plays signals. */
export interface Loudspeaker {
  /** Nothing is heard before somebody has touched the page: browsers allow it only then. */
  play(notes: readonly Note[]): void;
}

/** @param isWanted whether signals are to be heard at all: without it the browser is asked for no sound */
export function createLoudspeaker(isWanted: () => boolean): Loudspeaker {
  let context: AudioContext | undefined;
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, awaken, { capture: true, passive: true });

  function awaken(): void {
    if (!isWanted()) return;
    context ??= new AudioContext();
    // Also after a phone call or a sleep has interrupted it.
    if (context.state !== 'running') context.resume().catch(() => undefined);
  }

  return {
    play(notes) {
      if (context?.state !== 'running') return;
      for (const note of notes) playNote(context, note);
    },
  };
}

function playNote(context: AudioContext, { hertz, startSeconds, seconds }: Note): void {
  const start = context.currentTime + startSeconds;
  const loudness = context.createGain();
  loudness.gain.setValueAtTime(0, start);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, start + FADE_SECONDS);
  loudness.gain.setValueAtTime(LOUDNESS, start + seconds - FADE_SECONDS);
  loudness.gain.linearRampToValueAtTime(0, start + seconds);
  loudness.connect(context.destination);
  const tone = context.createOscillator();
  tone.type = 'triangle';
  tone.frequency.value = hertz;
  tone.connect(loudness);
  tone.start(start);
  tone.stop(start + seconds);
}
