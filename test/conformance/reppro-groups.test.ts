/** Atomic and Sequence as a client executes them (OMA-TS-DM_RepPro-V1_2_1 §6.6.3 and §6.6.14). */
import { describe, expect } from 'vitest';
import type { Status } from '../../src-core/syncml/message.ts';
import { add, alert, codesIn, cred, get, replace, SERVER, SERVER_NONCE, statusesIn } from './bench.ts';
import { answersWithValidCode, device, group, refuses, whole } from './command-device.ts';
import { copy, remove } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedServer } from './scripted-server.ts';

describe('Atomic', () => {
  requirement('REP-6.6.3-1', () => {
    const managed = device();
    const commands = [add('./A/X', '1'), replace('./A/X', '2'), copy('./A/X', './A/C'), replace('./A/X', '3')];
    expect(managed.codes(group('Atomic', ...commands))).toEqual([200, 200, 200, 200, 200]);
    expect([managed.read('./A/X'), managed.read('./A/C')]).toEqual(['3', '2']);
  });

  requirement('REP-6.6.3-2', () => {
    const managed = device();
    const before = whole(managed);
    managed.answer(group('Atomic', replace('./A/B', 'x'), remove('./A/C'), add('./A/D/E', 'there already')));
    expect(whole(managed)).toEqual(before);
    managed.answer(group('Atomic', replace('./A/B', 'x'), remove('./A/C'), add('./A/D/F', 'new')));
    expect([managed.read('./A/B'), managed.children('./A'), managed.read('./A/D/F')]).toEqual(['x', ['B', 'D'], 'new']);
  });

  requirement('REP-6.6.3-3', () => {
    // This client executes an Atomic at once and may spread the statuses; what it must not do is execute a part of it.
    const server = new ScriptedServer({ tree: device().tree });
    const commands = Array.from({ length: 40 }, (_, i) => add(`./A/Node${i}`, `${i}`));
    server.start();
    const header = { cred: cred('md5', SERVER, SERVER_NONCE), meta: { maxMsgSize: 900 } };
    let reply = server.trySend([server.headerStatus(212), group('Atomic', ...commands)], { header });
    const codes: Status[] = [];
    for (let i = 0; reply && i < 40; i++) {
      codes.push(...statusesIn(reply));
      if (reply.final) break;
      reply = server.trySend([server.headerStatus(), alert(1222)], { header: { meta: { maxMsgSize: 900 } } });
    }
    const [atomic] = codes.filter(({ cmd }) => cmd === 'Atomic');
    const added = commands.filter((_, i) => server.tree.has(`./A/Node${i}`)).length;
    expect([
      [200, 40],
      [517, 0],
    ]).toContainEqual([atomic?.code, added]);
  });

  requirement('REP-6.6.3-4', () => {
    const managed = device();
    const [atomic, ...inner] = managed.codes(group('Atomic', replace('./A/B', 'x'), add('./A/C', 'there already')));
    expect(atomic).toBe(507);
    expect(inner).toEqual([216, 418]);
    expect(managed.read('./A/B')).toBe('b');
  });

  requirement('REP-6.6.3-5', () => {
    const cases = [
      [add('./A/C', 'x'), 418],
      [replace('./A/Z', 'x'), 404],
      [replace('./ReadOnly', 'x'), 425],
      [remove('.'), 405],
    ] as const;
    for (const [draft, code] of cases) {
      const statuses = device().statuses(group('Atomic', replace('./A/B', 'x'), draft));
      expect(statuses.map(status => [status.cmd, status.code])).toContainEqual([draft.kind, code]);
    }
  });

  requirement('REP-6.6.3-6', () => answersWithValidCode('Atomic'));
});

describe('Sequence', () => {
  requirement('REP-6.6.14-2', () => refuses(group('Sequence')));

  requirement('REP-6.6.14-3', () => {
    const managed = device();
    const commands = [add('./A/X', '1'), replace('./A/X', '2'), copy('./A/X', './A/C'), remove('./A/X'), get('./A/C')];
    expect(managed.codes(group('Sequence', ...commands))).toEqual(new Array(6).fill(200));
    expect([managed.children('./A'), managed.read('./A/C')]).toEqual([['B', 'C', 'D'], '2']);
  });

  requirement('REP-6.6.14-4', () => {
    const server = new ScriptedServer({ tree: device().tree });
    const confirm = alert(1101, {}, { data: 'Go on?' });
    server.tryBegin([group('Sequence', replace('./A/B', 'x'), confirm, replace('./A/C', 'x'), remove('./A/D'))]);
    const reply = server.answer({ kind: 'confirmed', yes: false });
    if (!reply) throw new Error('the client sent nothing');
    expect(codesIn(reply)).toEqual(['Sequence 200', 'Replace 200', 'Alert 304', 'Replace 215', 'Delete 215']);
    expect([server.value('./A/B'), server.value('./A/C')]).toEqual(['x', 'c']);
  });

  requirement('REP-6.6.14-5', () => {
    expect(
      device()
        .codes(group('Sequence', replace('./A/B', 'x'), remove('./A/Z')))
        .slice(0, 2),
    ).toEqual([200, 200]);
    expect(device().codes(group('Sequence', remove('./A/Z'), replace('./A/B', 'x')))[0]).toBe(200);
  });

  requirement('REP-6.6.14-6', () => answersWithValidCode('Sequence'));
});
