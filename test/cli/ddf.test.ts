import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { command } from '../../src-core/cli/ddf.ts';

const GOOD =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.1</VerDTD><Man>Acme</Man><Node><NodeName>A</NodeName><DFProperties>' +
  '<AccessType><Get/></AccessType><DFFormat><chr/></DFFormat><DFType><MIME>text/plain</MIME></DFType></DFProperties></Node></MgmtTree>';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-ddf-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** In this process: what it prints, and the code that it would end with. */
async function dmw(...args: string[]): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += text;
    return true;
  });
  try {
    await command.run(args);
    return { code: Number(process.exitCode ?? 0), stdout };
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
  }
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
    await expect(dmw('check')).rejects.toMatchObject({
      code: 'usage',
      advice: expect.stringContaining('dmw ddf list'),
    });
    await expect(dmw('check', join(folder, 'none.xml'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});
