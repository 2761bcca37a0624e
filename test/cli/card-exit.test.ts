import { describe, expect, it } from 'vitest';
import { CardError, RequestError, TransportError } from '../../src-core/base/errors.ts';
import { EXIT_CODES, exitCodeOf } from '../../src-core/cli/card-exit.ts';
import { dmw } from '../support/programs.ts';

describe('exit codes of dmw card', () => {
  it.each<[Error, number]>([
    [new RequestError('usage', ''), 2],
    [new CardError('no-card', ''), 3],
    [new TransportError('pcsc-absent', ''), 3],
    [new TransportError('reader-busy', ''), 3],
    [new CardError('adm-last-try', ''), 4],
    [new CardError('pin-needed', ''), 4],
    [new CardError('file-too-small', ''), 5],
    [new CardError('update-locked', ''), 5],
    [new CardError('card-removed', ''), 6],
    [new TransportError('pcsc-crashed', ''), 6],
    [new CardError('verify-failed', ''), 7],
    [new RequestError('nothing-unfinished', ''), 7],
    [new RequestError('batch-unfinished', ''), 8],
    [new RequestError('not-confirmed', ''), 9],
    [new CardError('command-refused', ''), 1],
    [new Error('anything'), 1],
  ])('%s → %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('are all in the help of the command', async () => {
    const { code, stdout } = await dmw(['card', '--help']);
    expect(code).toBe(0);
    for (const line of EXIT_CODES) expect(stdout).toContain(line);
  });
});

describe('dmw card without a terminal', () => {
  it.each(['write', 'erase', 'restore', 'resume'])('%s asks for --yes before it looks for a card', async action => {
    const { code, stdout, stderr } = await dmw(['card', action, '--adm', '12345678'], '', {
      PCSCLITE_CSOCK_NAME: '/nonexistent',
    });
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
    expect(stderr).toBe(
      `dmw: card ${action} changes the card, and nobody can be asked here. Look at it with --dry-run, then say --yes\n`,
    );
  });

  it('deletes no backup without --yes', async () => {
    const { code, stderr } = await dmw(['card', 'backups', '--delete', 'all']);
    expect(code).toBe(9);
    expect(stderr).toContain('card backups --delete cannot be taken back');
  });

  it.each([
    [['info', '--cp', 'x.xml'], 'card info takes no --cp'],
    [['erase', '--bootstrap', 'both', '--yes'], '--bootstrap is dm or cp'],
    [['info', '--delete', 'all'], '--delete takes a key of the list, or all, and goes with backups'],
    [['backups', '--delete', 'some', '--yes'], '--delete takes a key of the list'],
    [['batch', 'x.csv', '--bootstrap', 'dm', '--delete', 'all'], 'card batch takes no --bootstrap, no --delete'],
    [['batch', 'x.csv', '--dry-run', '--trace', 'x'], 'there is nothing to trace'],
    [['batch', 'x.csv', '--adm', '12345678', '--consent', '1'], 'card batch takes no --adm, no --consent'],
    [['batch', 'x.csv', '--backup', '1'], 'card batch takes no --backup'],
    [['batch', 'x.csv', '--server', 'dm.example'], '--server is the http or https address'],
    [
      ['write', '--consent', '8988:0', '--adm', '12345678', '--yes'],
      '--consent takes the ICCID of the card, or ICCID:TIMES',
    ],
    [['plan', '--server', 'ftp://dm.example'], '--server is the http or https address'],
  ])('%j is called wrongly', async (args, line) => {
    const { code, stderr } = await dmw(['card', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(line);
  });
});
