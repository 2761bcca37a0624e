/** An error near the action that met it: what happened, then what to do next. The region is there before the words. */
import { ActionIcon } from '@mantine/core';
import { TriangleAlert, X } from 'lucide-react';
import type { Failure } from '../api/failure.ts';

export function FailureNote({ failure, onClose }: { failure: Failure | undefined; onClose?: () => void }) {
  return (
    <div aria-live="polite">
      {failure && (
        <div className="failure">
          <TriangleAlert size={14} aria-hidden />
          <div>
            <p>{failure.message}</p>
            {failure.advice && <p>{failure.advice}</p>}
          </div>
          {onClose && (
            <ActionIcon className="right" size="xs" aria-label="Dismiss" onClick={onClose}>
              <X size={13} aria-hidden />
            </ActionIcon>
          )}
        </div>
      )}
    </div>
  );
}
