/** The empty room, and the story *Try it without hardware* that fills it: its steps appear one by one, with times. */
import { Button, Loader } from '@mantine/core';
import { ArrowRight, CircleCheck, CircleDashed, CircleX, FlaskConical } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { StoryState, StoryStep } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { navigate } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatDuration } from '../../components/format.ts';

/** Long enough to see the last step turn green. */
const LAST_LOOK_MS = 900;

export interface StoryTelling {
  /** True while the story has the room to itself. */
  readonly telling: boolean;
  readonly close: () => void;
}

/** A story that starts takes the room; when it ends well, its device opens. */
export function useStoryTelling(story: StoryState | undefined): StoryTelling {
  const [telling, setTelling] = useState(false);
  const state = story?.state;
  const deviceId = story?.deviceId;
  useEffect(() => {
    if (state === 'running') setTelling(true);
  }, [state]);
  useEffect(() => {
    if (!telling || state !== 'done') return undefined;
    const timer = window.setTimeout(() => {
      setTelling(false);
      if (deviceId) navigate({ room: 'devices', deviceId });
    }, LAST_LOOK_MS);
    return () => window.clearTimeout(timer);
  }, [telling, state, deviceId]);
  return { telling, close: () => setTelling(false) };
}

interface StoryProps {
  readonly story: StoryState | undefined;
  /** Goes back to the devices, where there are some. */
  readonly onClose: (() => void) | undefined;
}

export function Story({ story, onClose }: StoryProps) {
  const play = useAction(api => api.story.play.mutate());
  const started = story !== undefined && story.state !== 'idle';
  return (
    <div className="panel">
      <div className="scroll story-room">
        {started ? (
          <Progress story={story} again={() => play.run()} busy={play.busy} onClose={onClose} />
        ) : (
          <div className="empty">
            <h2>No device yet</h2>
            <p>
              A device appears here when it first connects to the DM server shown in the status bar: bootstrap one with
              a card from the Cards room, or give it the server's address by hand.
            </p>
            <Button
              variant="filled"
              size="sm"
              loading={play.busy}
              leftSection={<FlaskConical size={15} aria-hidden />}
              onClick={() => play.run()}
            >
              Try it without hardware
            </Button>
            <p className="muted">A virtual card and a virtual handset; everything between them is real.</p>
          </div>
        )}
        <FailureNote failure={play.failure} onClose={play.clear} />
      </div>
    </div>
  );
}

interface ProgressProps extends StoryProps {
  readonly story: StoryState;
  readonly again: () => void;
  readonly busy: boolean;
}

function Progress({ story, again, busy, onClose }: ProgressProps) {
  const total = story.steps.reduce((ms, step) => ms + step.ms, 0);
  const names = [...story.steps.map(step => step.name), ...story.plan.slice(story.steps.length)];
  const heading = {
    running: 'Card → handset → server → tree',
    done: 'It works',
    failed: 'The story stopped',
    idle: '',
  };
  return (
    <div className="story">
      <h2>{heading[story.state]}</h2>
      <ol aria-label="Story steps" aria-live="polite">
        {names.map((name, i) => (
          <Step
            key={name}
            name={name}
            step={story.steps[i]}
            running={story.state === 'running' && i === story.steps.length}
          />
        ))}
      </ol>
      {story.state === 'done' && (
        <p className="muted">
          All in {formatDuration(total)}. Opening the device… <ArrowRight size={12} aria-hidden />
        </p>
      )}
      {story.state === 'failed' && (
        <p className="actions">
          <Button variant="filled" loading={busy} onClick={again}>
            Try again
          </Button>
          {onClose && <Button onClick={onClose}>Show devices</Button>}
        </p>
      )}
    </div>
  );
}

function Step({ name, step, running }: { name: string; step: StoryStep | undefined; running: boolean }) {
  const state = step ? (step.ok ? 'done' : 'failed') : running ? 'running' : 'waiting';
  const icons = {
    done: <CircleCheck size={16} aria-label="done" />,
    failed: <CircleX size={16} aria-label="failed" />,
    running: <Loader size={14} aria-label="running" />,
    waiting: <CircleDashed size={16} aria-label="waiting" />,
  };
  return (
    <li className={state}>
      {icons[state]}
      <span className="name">{name}</span>
      <span className="mono muted">{step ? formatDuration(step.ms) : ''}</span>
      {step && <small>{step.detail}</small>}
    </li>
  );
}
