/**
 * Reads the card sheet of a reader: when a card comes, and again after each write and each PIN. The page never reads twice
 * at once, nor while the card is written, nor behind another room.
 */
import { useEffect, useRef, useState } from 'react';
import type { CardSheetView, ProvisionView, ReaderView } from '../../../src-core/workbench/views.ts';
import { useApi, useConnectionState } from '../../api/context.ts';
import { describeFailure, type Failure } from '../../api/failure.ts';

export interface CardReading {
  /** The card in the reader, as last read; undefined until it is read, and without a card. */
  readonly sheet: CardSheetView | undefined;
  readonly failure: Failure | undefined;
}

interface Situation {
  readonly reader: ReaderView;
  readonly provision: ProvisionView | undefined;
  /** The room is in front. */
  readonly active: boolean;
  /** PINs that the card refused: each costs it a try, so it is read again. */
  readonly refused: number;
}

/** Another program may hold the card for a moment. */
const TRIES = 6;
const RETRY_MS = 1500;
const NOTHING: CardReading = { sheet: undefined, failure: undefined };

export function useCardSheet({ reader, provision, active, refused }: Situation): CardReading {
  const api = useApi();
  const connected = useConnectionState() === 'open';
  const [reading, setReading] = useState(NOTHING);
  const [attempt, setAttempt] = useState({ of: '', tries: 0 });
  const done = useRef('');
  const line = useRef(Promise.resolve());
  const card = reader.state === 'present' ? `${reader.atr} ${reader.iccid}` : undefined;
  const settled = useSettled(provision);
  const wanted = card === undefined ? '' : `${reader.name} ${card} ${settled} ${reader.unlocked} ${refused}`;
  const tries = attempt.of === wanted ? attempt.tries : 0;
  const free = active && connected && provision?.stage !== 'writing' && provision?.stage !== 'verifying';

  useEffect(() => {
    if (card === undefined) done.current = '';
    setReading(before => (before.sheet && sameCard(before.sheet, card) ? before : NOTHING));
  }, [card]);
  useEffect(() => {
    if (wanted === '' || !free || done.current === wanted || tries >= TRIES) return undefined;
    let stale = false;
    let timer = 0;
    line.current = line.current.then(async () => {
      if (stale) return;
      const next = await api.cards.sheet.query({ reader: reader.name }).then(
        sheet => ({ sheet, failure: undefined }),
        error => ({ failure: describeFailure(error) }),
      );
      if (stale) return;
      setReading(before => ({ ...before, ...next }));
      if (next.failure === undefined) done.current = wanted;
      else timer = window.setTimeout(() => setAttempt({ of: wanted, tries: tries + 1 }), RETRY_MS);
    });
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [api, wanted, free, tries, reader.name]);
  return reading;
}

/** A card is known by its ATR and ICCID. */
function sameCard(sheet: CardSheetView, card: string | undefined): boolean {
  return card === `${sheet.atr} ${sheet.iccid}`;
}

/** Names the last write that came to an end: after it the card is another one. */
function useSettled(provision: ProvisionView | undefined): string {
  const [settled, setSettled] = useState('');
  const ended = provision?.stage === 'verified' || provision?.stage === 'failed';
  const now = ended ? `${provision.plan.id} ${provision.stage}` : settled;
  if (now !== settled) setSettled(now);
  return now;
}
