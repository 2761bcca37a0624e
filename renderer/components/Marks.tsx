/** Small marks: a pill for a fact, a dot for a state. */
import type { ReactNode } from 'react';

export type Tone = 'plain' | 'ok' | 'warn' | 'bad' | 'info';

export function Pill({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`pill ${tone}`} title={title}>
      {children}
    </span>
  );
}

export type DotTone = 'ok' | 'live' | 'warn' | 'bad' | 'off';

/** A colour alone says nothing to some people: `label` is read aloud and shown on hover. */
export function Dot({ tone, label }: { tone: DotTone; label: string }) {
  return <span className={`dot ${tone}`} role="img" aria-label={label} title={label} />;
}
