/** dmw demo: the whole story with virtual hardware and real software in between, step by step. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../base/errors.ts';
import { version } from '../workbench/version.ts';
import type { StoryStep } from '../workbench/views.ts';
import { Workbench } from '../workbench/workbench.ts';
import { type Command, databaseIn, parse } from './command.ts';

const usage = 'demo [--no-daemon | --in-process] [--json]';

export const command: Command = {
  usage,
  summary: 'Play card → handset → server → tree → cable on virtual hardware; exits 0 only if every step succeeds.',
  async run(args) {
    const { values } = parse(args, usage, {
      // Use pcscd only where it runs already.
      'no-daemon': { type: 'boolean', default: false },
      // Do not use pcscd at all.
      'in-process': { type: 'boolean', default: false },
    });
    const folder = await mkdtemp(join(tmpdir(), 'dmw-demo-'));
    try {
      const pcscd = values['in-process'] ? 'never' : values['no-daemon'] ? 'if-running' : 'may-start';
      const workbench = await Workbench.open({
        database: databaseIn(folder),
        dmHost: '127.0.0.1',
        dmPort: 0,
        pcscd,
        version,
      });
      try {
        await play(workbench, values.json);
      } finally {
        await workbench.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function play(workbench: Workbench, json: boolean): Promise<void> {
  const steps: StoryStep[] = [];
  const onStep = (step: StoryStep) => {
    steps.push(step);
    if (!json) process.stdout.write(lineOf(step));
  };
  await workbench.findReaders();
  try {
    const { card, report, handset } = await workbench.runStory(onStep);
    const deviceId = `IMEI:${handset.imei}`;
    const [session] = await workbench.devices.sessions(deviceId);
    const nodes = workbench.devices
      .nodes(deviceId)
      .map(({ uri, format, value }) => ({ path: uri, format, value: value ?? null }));
    const { port, manufacturer, model, revision, imei } = handset;
    const result = {
      ok: true,
      steps,
      card,
      session: { messages: session?.messages ?? [], authenticated: report.authenticated },
      tree: { nodes },
      handset: { port, manufacturer, model, revision, imei },
    };
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `\nAll ${steps.length} steps succeeded.\n`);
  } catch (error) {
    process.exitCode = 1;
    const failed = { ok: false, steps, error: describeError(error) };
    if (json) process.stdout.write(`${JSON.stringify(failed, null, 2)}\n`);
    process.stderr.write(`dmw: ${describeError(error)}\n`);
  }
}

function lineOf({ name, ok, ms, detail }: StoryStep): string {
  return `${ok ? '✓' : '✗'} ${name.padEnd(32)} ${String(ms).padStart(6)} ms  ${detail}\n`;
}
