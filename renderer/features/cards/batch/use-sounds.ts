/** One sound for a card that is done, one for whatever somebody has to look at. Made here: no file is loaded. */
import { useEffect, useRef, useState } from 'react';
import type { PlaceView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { STAGES } from './stages.ts';

const MUTE_KEY = 'dmw-batch-mute';

/** Hertz, and seconds from the beginning. */
const NOTES = {
  good: {
    wave: 'sine',
    notes: [
      [880, 0],
      [1320, 0.11],
    ],
    seconds: 0.12,
  },
  bad: {
    wave: 'square',
    notes: [
      [220, 0],
      [165, 0.28],
    ],
    seconds: 0.24,
  },
} as const;

let context: AudioContext | undefined;

function play(sound: 'good' | 'bad'): void {
  context ??= new AudioContext();
  void context.resume();
  const { wave, notes, seconds } = NOTES[sound];
  for (const [frequency, after] of notes) {
    const at = context.currentTime + after;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0.2, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    gain.connect(context.destination);
    const oscillator = context.createOscillator();
    oscillator.type = wave;
    oscillator.frequency.value = frequency;
    oscillator.connect(gain);
    oscillator.start(at);
    oscillator.stop(at + seconds);
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
    const sounds = fresh.flatMap(({ stage }) => STAGES[stage].sound ?? []);
    if (sounds.length > 0) play(sounds.includes('bad') ? 'bad' : 'good');
  }, [places, muted]);
  const toggle = () => {
    localStorage.setItem(MUTE_KEY, muted ? 'no' : 'yes');
    setMuted(!muted);
  };
  return { muted, toggle };
}
