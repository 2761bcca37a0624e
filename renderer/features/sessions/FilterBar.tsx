/** What the list is narrowed to: device, state, days, status code, URI, failed only. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import { type FilterForm, isCode, NO_FILTER, STATES } from './session-filter.ts';

interface FilterBarProps {
  readonly form: FilterForm;
  readonly devices: readonly DeviceView[];
  readonly onChange: (form: FilterForm) => void;
}

export function FilterBar({ form, devices, onChange }: FilterBarProps) {
  const set = (change: Partial<FilterForm>) => onChange({ ...form, ...change });
  const isUsed = JSON.stringify(form) !== JSON.stringify(NO_FILTER);
  return (
    <search className="filter-bar" aria-label="Filter sessions">
      <NativeSelect
        aria-label="Device"
        className="filter-device"
        value={form.deviceId}
        data={[{ value: '', label: 'All devices' }, ...devices.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={event => set({ deviceId: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="State"
        value={form.state}
        data={[{ value: '', label: 'Any state' }, ...STATES.map(state => ({ value: state, label: state }))]}
        onChange={event => set({ state: event.currentTarget.value })}
      />
      <TextInput
        aria-label="From day"
        title="Began on this day or later"
        type="date"
        value={form.from}
        onChange={event => set({ from: event.currentTarget.value })}
      />
      <TextInput
        aria-label="To day"
        title="Began on this day or before"
        type="date"
        value={form.to}
        onChange={event => set({ to: event.currentTarget.value })}
      />
      <TextInput
        aria-label="Status code"
        className="filter-code"
        placeholder="Code, 4xx"
        title="Status code, such as 425, or a class of them, such as 4xx"
        value={form.code}
        error={!isCode(form.code)}
        onChange={event => set({ code: event.currentTarget.value })}
      />
      <TextInput
        aria-label="URI"
        className="filter-uri"
        placeholder="URI, or a part of it"
        title="Part of a URI that a command or status names"
        value={form.uri}
        onChange={event => set({ uri: event.currentTarget.value })}
      />
      <Checkbox
        label="failed only"
        checked={form.failed}
        onChange={event => set({ failed: event.currentTarget.checked })}
      />
      <Button variant="subtle" disabled={!isUsed} onClick={() => onChange(NO_FILTER)}>
        Clear
      </Button>
    </search>
  );
}
