/** A person's word for one card: where a wrong key may block it, or where nobody heard what it said to this key. Given anew each time. */
import { useState } from 'react';
import type { Failure } from '../../api/failure.ts';

interface Situation {
  readonly iccid: string;
  readonly triesLeft: number | undefined;
  /** Of the last time. */
  readonly failure: Failure | undefined;
}

export function useConsent({ iccid, triesLeft, failure }: Situation) {
  const [given, give] = useState(false);
  const times = failure?.code === 'adm-unanswered' ? failure.details?.presented : undefined;
  const presented = typeof times === 'number' ? times : undefined;
  const asked = triesLeft === undefined || triesLeft === 1 || presented !== undefined;
  return {
    asked,
    given,
    give,
    missing: asked && !given,
    /** How often it went out without an answer. */
    presented,
    consent: given ? { iccid, ...(presented !== undefined && { presented }) } : undefined,
  };
}
