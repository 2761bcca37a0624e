/** Work on devices without any: what is sent is answered with 200 after a moment where a session is held, else it waits. */
import { RequestError } from '../../src-core/base/errors.ts';
import { draftOf } from '../../src-core/server/jobs/command-input.ts';
import { titleOfJob, urisOfJob } from '../../src-core/server/jobs/spec.ts';
import { faultsOf, previewOf } from '../../src-core/workbench/command-preview.ts';
import type { WorkService } from '../../src-core/workbench/work-service.ts';
import type { CommandInput, CommandProblemView, WorkView } from '../../src-core/workbench/work-views.ts';
import { Watched } from './watched.ts';

export interface FakeWorkPorts {
  /** `send replace ./A`: what the page asked for. */
  readonly asked: string[];
  readonly wait: (ms: number) => Promise<void>;
  readonly onHold: (deviceId: string, hold: boolean) => void;
  /** The device did what it was asked. */
  readonly onDone: (commands: readonly CommandInput[]) => void;
}

export class FakeWork implements WorkService {
  /** What else speaks against commands. */
  problems: readonly CommandProblemView[] = [];
  /** Code of every answer. */
  code = 200;
  readonly works = new Watched<readonly WorkView[]>([]);
  private readonly held = new Set<string>();
  private last = 0;
  private readonly ports: FakeWorkPorts;

  constructor(ports: FakeWorkPorts) {
    this.ports = ports;
  }

  async preview(_deviceId: string, commands: readonly CommandInput[]) {
    return { ...previewOf(commands), problems: [...faultsOf(commands), ...this.problems] };
  }

  async send(deviceId: string, commands: readonly CommandInput[], thenRead = true) {
    const spec = { kind: 'send' as const, commands, thenRead };
    const id = String(++this.last);
    const held = this.held.has(deviceId);
    this.ports.asked.push(`send ${titleOfJob(spec)}`);
    this.put({
      id,
      title: titleOfJob(spec),
      uris: urisOfJob(spec),
      commands,
      xml: previewOf(commands).xml,
      state: held ? 'sent' : 'queued',
      statuses: [],
      results: [],
      moreResults: 0,
      unsent: [],
      reads: { answered: 0, refused: 0 },
      done: false,
      createdAt: Date.now(),
      ...(held && { sentAt: Date.now() }),
    });
    if (held) void this.answer(id);
    return { workId: id, held };
  }

  watch(_deviceId: string, signal: AbortSignal) {
    return this.works.watch(signal);
  }

  async cancel(workId: string): Promise<void> {
    this.ports.asked.push(`cancel ${workId}`);
    const work = this.works.value.find(({ id }) => id === workId);
    if (work?.state !== 'queued') throw new RequestError('not-queued', 'this work does not wait any more');
    this.put({ ...work, state: 'cancelled', done: true });
  }

  async hold(deviceId: string, hold: boolean): Promise<void> {
    this.ports.asked.push(`${hold ? 'hold' : 'let go'} ${deviceId}`);
    if (hold) this.held.add(deviceId);
    else this.held.delete(deviceId);
    this.ports.onHold(deviceId, hold);
    for (const { id, state } of hold ? this.works.value : []) if (state === 'queued') void this.answer(id);
  }

  /** Shows this work as the newest, or in the place of what it was. */
  put(work: WorkView): void {
    const others = this.works.value.filter(({ id }) => id !== work.id);
    this.works.set([work, ...others].toSorted((a, b) => Number(b.id) - Number(a.id)));
  }

  private async answer(id: string): Promise<void> {
    await this.ports.wait(400);
    const work = this.works.value.find(one => one.id === id);
    if (!work) return;
    const statuses = this.statusesOf(work.commands, '');
    if (this.code < 400) this.ports.onDone(work.commands);
    this.put({
      ...work,
      state: this.code < 400 ? 'answered' : 'refused',
      statuses,
      done: true,
      sentAt: work.sentAt ?? Date.now(),
      answeredAt: Date.now(),
      sessionKey: '1',
    });
  }

  private statusesOf(commands: readonly CommandInput[], above: string): WorkView['statuses'] {
    return commands.flatMap((command, i) => {
      const path = `${above}${i + 1}`;
      const draft = draftOf(command);
      const uri = 'items' in draft ? (draft.items[0]?.target?.uri ?? '') : '';
      const words = this.code < 400 ? 'OK' : 'Command not allowed';
      const status = { path, name: draft.kind, uri, code: this.code, words };
      return 'commands' in command ? [status, ...this.statusesOf(command.commands, `${path}.`)] : [status];
    });
  }
}
