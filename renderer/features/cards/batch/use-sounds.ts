/** A sound for each outcome of a card. Made here: no file is loaded. */
import { useEffect, useRef, useState } from 'react';
import type { PlaceView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { type Sound, STAGES } from './stages.ts';

const MUTE_KEY = 'dmw-batch-mute';

/** Hertz, and seconds from the beginning. The first that is to be heard is played: the worst. */
const SOUNDS: Readonly<
  Record<Sound, { readonly wave: OscillatorType; readonly notes: readonly (readonly [number, number])[] }>
> = {
  bad: {
    wave: 'square',
    notes: [
      [220, 0],
      [165, 0.28],
    ],
  },
  twin: {
    wave: 'square',
    notes: [
      [262, 0],
      [262, 0.14],
      [262, 0.28],
      [262, 0.42],
    ],
  },
  wrong: {
    wave: 'square',
    notes: [
      [392, 0],
      [196, 0.14],
      [196, 0.28],
    ],
  },
  back: {
    wave: 'triangle',
    notes: [
      [440, 0],
      [330, 0.14],
      [440, 0.28],
    ],
  },
  again: {
    wave: 'triangle',
    notes: [
      [660, 0],
      [660, 0.18],
    ],
  },
  good: {
    wave: 'sine',
    notes: [
      [880, 0],
      [1320, 0.11],
    ],
  },
};
const ORDER = Object.keys(SOUNDS) as Sound[];
const NOTE_SECONDS = 0.13;

let context: AudioContext | undefined;

function play(sound: Sound): void {
  context ??= new AudioContext();
  void context.resume();
  const { wave, notes } = SOUNDS[sound];
  for (const [i, [frequency, after]] of notes.entries()) {
    const at = context.currentTime + after;
    const end = at + (i === notes.length - 1 ? 2 * NOTE_SECONDS : NOTE_SECONDS);
    const gain = context.createGain();
    gain.gain.setValueAtTime(0.2, at);
    gain.gain.exponentialRampToValueAtTime(0.001, end);
    gain.connect(context.destination);
    const oscillator = context.createOscillator();
    oscillator.type = wave;
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start(at);
    oscillator.stop(end);
  }
}

/** Plays what the places come to; what they showed before is not played again. */
export function useSounds(places: readonly PlaceView[] | undefined) {
  const [muted, setMuted] = useState(() => localStorage.getItem(MUTE_KEY) === 'yes');
  const heard = useRef<Map<string, string> | undefined>(undefined);
  useEffect(() => {
    const now = new Map(places?.map(({ reader, turn, stage }) => [reader, `${turn} ${stage}`]));
    const before = heard.current;
    heard.current = places && now;
    if (!places || !before || muted) return;
    const fresh = places.filter(({ reader }) => before.get(reader) !== now.get(reader));
    const sounds = new Set(fresh.flatMap(({ stage }) => STAGES[stage].sound ?? []));
    const worst = ORDER.find(sound => sounds.has(sound));
    if (worst) play(worst);
  }, [places, muted]);
  const toggle = () => {
    localStorage.setItem(MUTE_KEY, muted ? 'no' : 'yes');
    setMuted(!muted);
  };
  return { muted, toggle };
}
