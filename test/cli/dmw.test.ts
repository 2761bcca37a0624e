import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { createPtyPair } from '../../src-core/virtual/cable/socat.ts';
import { fixtureBytes, fixtureText } from '../support/fixtures.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { DMW, dmw, type Running, type Served, serve, startDmw } from '../support/programs.ts';

const running: Running[] = [];
const start = (...args: string[]) => {
  const program = startDmw(args);
  running.push(program);
  return program;
};
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
});

describe('dmw', () => {
  it('is an executable of its own', async () => {
    expect(await readFile(DMW, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('prints how to call every command', async () => {
    const { code, stdout } = await dmw(['--help']);
    expect(code).toBe(0);
    for (const name of ['serve', 'demo', 'decode', 'simulate', 'card', 'handset'])
      expect(stdout).toContain(`dmw ${name}`);
  });

  it.concurrent.each([
    [['nonsense'], 'there is no command nonsense'],
    [['decode'], 'name one file'],
    [['card', 'fly'], 'there is no card fly'],
    [['simulate', 'card'], 'say card with --vpcd'],
    [['serve', '--dm-port', 'http'], 'http is no port number'],
    [['decode', '--unknown', 'x'], "Unknown option '--unknown'"],
  ])('%j: one clear line on standard error, exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await dmw(args, '', { PCSCLITE_CSOCK_NAME: '/nonexistent' });
    expect(stderr).toContain(`dmw: ${line}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('dmw decode', () => {
  const expected = { encoding: 'wbxml', header: { sessionId: '1A', verProto: 'DM/1.2' }, final: true };

  it('reads WBXML, XML and hexadecimal text, from a file and from standard input', async () => {
    const wbxml = fixtureBytes('syncml/package1-client-initiated.wbxml');
    const inputs = { wbxml, xml: fixtureText('syncml/package1-client-initiated.xml'), hex: toHex(wbxml, ' ') };
    for (const [name, input] of Object.entries(inputs)) {
      const { code, stdout } = await dmw(['decode', '-', '--json'], input);
      expect(code, name).toBe(0);
      expect(JSON.parse(stdout), name).toMatchObject({ ...expected, encoding: name === 'xml' ? 'xml' : 'wbxml' });
    }
    const { stdout } = await dmw(['decode', 'test/fixtures/syncml/package1-client-initiated.wbxml']);
    expect(stdout).toContain('<LocURI>./DevInfo/DevId</LocURI>');
  });

  it('says where a broken document breaks', async () => {
    const { code, stderr } = await dmw(
      ['decode', '-'],
      fixtureBytes('syncml/package1-client-initiated.wbxml').slice(0, 60),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dmw: WBXML: expected .* \(at offset \d+\)\n$/);
  });

  it('says which file is not there', async () => {
    const { code, stderr } = await dmw(['decode', '/nonexistent']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'dmw: /nonexistent cannot be read (ENOENT). Check the path\n',
    });
  });
});

describe('dmw simulate handset --server', () => {
  let core: Served;
  beforeAll(async () => {
    core = await serve();
  });
  afterAll(() => core.close());

  it('makes a session with the workbench that shares its data', async () => {
    const { code, stdout } = await dmw(['simulate', 'handset', '--server', core.dmUrl, '--data', core.data, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });
  });

  it('with a wrong password ends with 401 and says why', async () => {
    const args = ['--user', 'handset-IMEI:493005100592800', '--password', 'wrong', '--data', core.data];
    const { code, stdout, stderr } = await dmw(['simulate', 'handset', '--server', core.dmUrl, ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the session ended refused: the server refused "handset-IMEI:493005100592800" twice');
    expect(stderr).not.toContain('wrong\n');
  });

  it('says where nothing answers', async () => {
    const { code, stderr } = await dmw([
      'simulate',
      'handset',
      '--server',
      'http://127.0.0.1:9/dm',
      '--data',
      core.data,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be reached');
  });
});

describe('dmw handset and simulate handset --serial, over a real pseudo-terminal pair', () => {
  it('identify each other', async () => {
    const pair = await createPtyPair();
    try {
      await start('simulate', 'handset', '--serial', pair.b).firstLine;
      const { code, stdout } = await dmw(['handset', 'identify', pair.a, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        port: pair.a,
        manufacturer: 'Device Factory, Inc.',
        model: 'SmartPhone2000',
        revision: '1.0.4',
        imei: '493005100592800',
      });
    } finally {
      await pair.close();
    }
  });

  it('the simulated handset says that its port vanished', async () => {
    const pair = await createPtyPair();
    const handset = start('simulate', 'handset', '--serial', pair.b);
    await handset.firstLine;
    await pair.close();
    const { code, stderr } = await handset.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dmw: .* went away\./);
  });

  it('lists ports as JSON', async () => {
    const { code, stdout } = await dmw(['handset', 'list', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('ports');
  });
});

const PROVISIONING = `<?xml version="1.0"?>
<wap-provisioningdoc version="1.0"><characteristic type="NAPDEF">
  <parm name="NAPID" value="NET"/><parm name="NAP-ADDRESS" value="internet.example"/>
  <characteristic type="NAPAUTHINFO"><parm name="AUTHTYPE" value="PAP"/><parm name="AUTHSECRET" value="shared-secret"/></characteristic>
</characteristic></wap-provisioningdoc>`;

describe('dmw card, through the real pcscd with the virtual UICC behind vpcd', () => {
  let pcscd: PcscdBench;
  let data: string;
  beforeAll(async () => {
    pcscd = await usePcscd();
    data = await mkdtemp(join(tmpdir(), 'dmw-test-'));
  }, 130_000);
  afterAll(async () => {
    await pcscd.release();
    await rm(data, { recursive: true });
  });

  it('lists, plans without writing, refuses a wrong key, writes, verifies and shows the card', async () => {
    await start('simulate', 'card', '--vpcd', '127.0.0.1:35963').firstLine;
    const card = (...args: string[]) => dmw(['card', ...args, '--data', data, '--json']);
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await card(...args);
      expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout);
    };
    await expect
      .poll(async () => (await json('list')).readers[0], { timeout: 10_000 })
      .toMatchObject({ name: 'Virtual PCD 00 00', state: 'present' });
    const plan = await json('plan');
    expect(plan).toMatchObject({ iccid: '8988211000000304173', admTriesLeft: 3 });
    expect(JSON.stringify(plan.diff)).toContain('AAuthSecret •••');

    expectLostTries(1);
    const refused = await card('write', '--adm', '87654321', '--yes');
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(/ADM/);
    expect(refused.stderr).not.toContain('87654321');
    const notYet = await card('verify');
    expect({ code: notYet.code, stdout: notYet.stdout }).toEqual({ code: 7, stdout: '' });

    expect(await json('write', '--adm', '12345678', '--yes')).toMatchObject({ stage: 'verified', iccid: plan.iccid });
    expect(await json('verify')).toMatchObject({ stage: 'verified' });
    expect(await json('info')).toMatchObject({
      admTriesLeft: 3,
      bootstrap: { serverId: 'dm-workbench', serverUrl: 'http://127.0.0.1:8080/dm' },
    });

    expect(await json('read', '3F002FE2')).toMatchObject({ size: 10, bytes: '988812010000304071F3' });
    // A dry run says what it would do, and nothing of success.
    const dry = await json('erase', '--dry-run');
    expect(dry).toMatchObject({ kind: 'erase', apdusToWrite: expect.any(Number) });
    expect(dry).not.toHaveProperty('stage');
    expect(await json('erase', '--adm', '12345678', '--yes')).toMatchObject({ stage: 'verified' });
    expect(await json('info')).not.toHaveProperty('bootstrap');
    expect((await json('backups')).backups).toMatchObject([{ hasBootstrap: true }, { hasBootstrap: false }]);
    expect(await json('restore', '--adm', '12345678', '--yes')).toMatchObject({ stage: 'verified' });
    expect(await json('info')).toMatchObject({ bootstrap: { serverId: 'dm-workbench' }, admTriesLeft: 3 });

    // Client provisioning beside it; what was said to the card goes into a file without its secrets.
    const [xml, trace] = [join(data, 'cp.xml'), join(data, 'trace.json')];
    await writeFile(xml, PROVISIONING);
    const written = await json('write', '--cp', xml, '--adm', '12345678', '--yes', '--trace', trace);
    expect(written).toMatchObject({ stage: 'verified' });
    expect(await json('verify', '--cp', xml)).toMatchObject({ stage: 'verified' });
    const both = await dmw(['card', 'info', '--data', data]);
    expect(both.stdout).toContain('Object  3F007F506434  CP bootstrap  2.23.43.5.1  "CP"');
    expect(both.stdout).toContain('NAP-ADDRESS internet.example');
    expect(both.stdout).toContain('AUTHSECRET •••');
    expect(both.stdout).toContain('DM now  dm-workbench');
    expect(both.stdout).toContain('READ: always; UPDATE: ADM1');
    const said = await readFile(trace, 'utf8');
    const { apdus } = JSON.parse(said);
    expect(apdus.map(({ text }: { text: string }) => text)).toContain('VERIFY ADM1');
    expect(said).not.toContain(Buffer.from('shared-secret').toString('hex').toUpperCase());
    expect(said).not.toContain('3132333435363738');
  }, 90_000);
});
