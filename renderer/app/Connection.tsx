/** What the person learns of the connection: a calm banner while it comes back, a page of its own when it cannot. */
import { Loader } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConnectionState } from '../api/context.ts';

/** A blink of the connection is not worth a word. */
const PATIENCE_MS = 400;

export function Banner() {
  const state = useConnectionState();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    const timer = state === 'open' ? 0 : window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [state]);
  const shown = late && state !== 'open';
  return (
    <div aria-live="polite">
      {shown && (
        <div className="banner">
          <Loader size={12} color="var(--warn)" aria-hidden />
          <span>
            {state === 'connecting' ? (
              'Connecting to the core…'
            ) : (
              <>
                <b>Connection to the core lost.</b> Trying again; what you see is the last that was known. If the
                workbench was stopped, start it again and open the address it prints.
              </>
            )}
          </span>
        </div>
      )}
    </div>
  );
}

export function RefusedPage() {
  return (
    <main className="refused">
      <KeyRound size={28} aria-hidden />
      <h1>This address has no key to the workbench</h1>
      <p>
        Each launch makes a new key. Open the address that <code>npm start</code> printed; it ends in{' '}
        <code>?token=…</code>
      </p>
      <p className="muted">If it is gone from the terminal, stop the workbench with Ctrl+C and start it again.</p>
    </main>
  );
}
