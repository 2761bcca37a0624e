/** A button that saves an APDU trace, as lines for people or as JSON. */
import { Button, Menu } from '@mantine/core';

export type TraceForm = 'text' | 'json';

interface SaveTraceProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly size?: string;
  readonly save: (form: TraceForm) => Promise<unknown>;
}

export function SaveTrace({ label, disabled, size, save }: SaveTraceProps) {
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size={size} disabled={disabled} title="What was said to the cards, without keys and passwords">
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save('text')}>As text</Menu.Item>
        <Menu.Item onClick={() => save('json')}>As JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
