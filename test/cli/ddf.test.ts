import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GOOD =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.1</VerDTD><Man>Acme</Man><Node><NodeName>A</NodeName><DFProperties>' +
  '<AccessType><Get/></AccessType><DFFormat><chr/></DFFormat><DFType><MIME>text/plain</MIME></DFType></DFProperties></Node></MgmtTree>';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-ddf-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** From the sources. */
async function dmw(...args: string[]) {
  const run = promisify(execFile)(process.execPath, ['src-core/cli/dmw.ts', 'ddf', ...args]);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('dmw ddf', () => {
  it('list names the built-in descriptions and those in the data folder', async () => {
    await mkdir(join(folder, 'ddf'));
    await writeFile(join(folder, 'ddf/acme.ddf'), GOOD);
    const { stdout } = await dmw('list', '--data', folder);
    expect(stdout).toContain('acme.ddf  1 node, for Acme: ./A  (your own)\n');
    expect(stdout).toContain('devinfo.xml  8 nodes: Device information urn:oma:mo:oma-dm-devinfo:1.0 ./DevInfo\n');
    expect(JSON.parse((await dmw('list', '--data', folder, '--json')).stdout)).toContainEqual(
      expect.objectContaining({ id: 'own/acme.ddf', notes: [{ text: 'VerDTD is 1.1, expected 1.2', offset: 0 }] }),
    );
  });

  it('check says what a file has in it, and what against it', async () => {
    await writeFile(join(folder, 'good.xml'), GOOD);
    expect(await dmw('check', join(folder, 'good.xml'))).toMatchObject({
      code: 0,
      stdout: 'good.xml  1 node, for Acme: ./A\n  at offset 0: VerDTD is 1.1, expected 1.2\n',
    });
  });

  it('check fails with the byte for a file that cannot be read', async () => {
    await writeFile(join(folder, 'bad.xml'), GOOD.replace('<chr/>', '<money/>'));
    const { code, stdout } = await dmw('check', join(folder, 'bad.xml'));
    expect([code, stdout]).toEqual([
      1,
      `bad.xml  cannot be read: DDF: money is no format of a node (at offset ${GOOD.indexOf('<chr/>')})\n`,
    ]);
  });

  it('called wrongly it says how', async () => {
    expect(await dmw('check')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: dmw ddf list') });
    expect(await dmw('check', join(folder, 'none.xml'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be read (ENOENT)'),
    });
  });
});
