/** What a reader shows in each state: a word to be read from two metres, a colour, and a sound where it is an outcome. */
import {
  Ban,
  CheckCheck,
  CircleCheck,
  CircleX,
  Copy,
  CreditCard,
  LoaderCircle,
  type LucideIcon,
  OctagonPause,
  Unplug,
} from 'lucide-react';
import type { PlaceStage } from '../../../../src-core/workbench/cards/batch/views.ts';

/** One for each outcome: who looks at the cards hears what became of the one before. */
export type Sound = 'good' | 'again' | 'back' | 'wrong' | 'twin' | 'bad';

interface StageLook {
  readonly word: string;
  readonly tone: 'calm' | 'busy' | 'ok' | 'warn' | 'bad';
  readonly icon: LucideIcon;
  readonly sound?: Sound;
}

export const STAGES: Readonly<Record<PlaceStage, StageLook>> = {
  empty: { word: 'Next card', tone: 'calm', icon: CreditCard },
  reading: { word: 'Reading', tone: 'busy', icon: LoaderCircle },
  writing: { word: 'Writing', tone: 'busy', icon: LoaderCircle },
  verifying: { word: 'Verifying', tone: 'busy', icon: LoaderCircle },
  verified: { word: 'Done', tone: 'ok', icon: CircleCheck, sound: 'good' },
  'already-done': { word: 'Already done', tone: 'warn', icon: CheckCheck, sound: 'again' },
  interrupted: { word: 'Put it back', tone: 'warn', icon: Unplug, sound: 'back' },
  'wrong-card': { word: 'Wrong card', tone: 'bad', icon: Ban, sound: 'wrong' },
  duplicate: { word: 'Duplicate', tone: 'bad', icon: Copy, sound: 'twin' },
  failed: { word: 'Failed', tone: 'bad', icon: CircleX, sound: 'bad' },
  halted: { word: 'Halted', tone: 'bad', icon: OctagonPause, sound: 'bad' },
};
