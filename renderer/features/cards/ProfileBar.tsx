/** The profile and the button that plans it. For a CP profile from a file the button asks for the file first. */
import { Button, NativeSelect } from '@mantine/core';
import { useRef } from 'react';
import type { ProfileView } from '../../../src-core/workbench/views.ts';
import { ANOTHER_FILE, type ProfileChoice } from './use-profile.ts';

interface ProfileBarProps {
  readonly choice: ProfileChoice;
  readonly profiles: readonly ProfileView[];
  /** Planning is what comes next. */
  readonly isNext: boolean;
  /** A card is at work: no other choice now. */
  readonly working: boolean;
  readonly disabled: boolean;
  readonly onPlan: () => void;
  readonly onFile: (file: File) => void;
}

export function ProfileBar({ choice, profiles, isNext, working, disabled, onPlan, onFile }: ProfileBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const { chosen, options, choose, plan, planFile } = choice;
  const profile = profiles.find(({ id }) => id === chosen);
  const asksForFile = chosen === ANOTHER_FILE;
  return (
    <>
      <span className="right muted" id="profile-label">
        Profile
      </span>
      <NativeSelect
        aria-labelledby="profile-label"
        className="profile"
        title={profile ? `${profile.name}: ${profile.serverId}, ${profile.serverUrl}` : undefined}
        data={[...options]}
        value={chosen}
        disabled={working}
        onChange={event => choose(event.currentTarget.value)}
      />
      <Button
        variant={isNext ? 'filled' : 'default'}
        loading={plan.busy || planFile.busy}
        disabled={disabled}
        title={asksForFile ? 'A client provisioning document, XML or WBXML: it is planned, not written' : undefined}
        onClick={() => (asksForFile ? input.current?.click() : onPlan())}
      >
        {asksForFile ? 'Choose file…' : 'Plan'}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="CP profile"
        accept=".xml,.wbxml,.wbc,.bin,text/xml,application/vnd.wap.connectivity-wbxml"
        onChange={event => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
