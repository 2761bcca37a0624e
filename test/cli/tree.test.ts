import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { readTndsWbxml, writeTndsWbxml, writeTndsXml } from '../../src-core/tree/tnds.ts';
import { writeTreeDocument } from '../../src-core/tree/tree-document.ts';
import { dmw } from '../support/programs.ts';

const BEFORE = interior('.', [
  interior('A', [leaf('x', '1', { acl: 'Get=*' }), leaf('gone', '')]),
  interior('old', [leaf('y', '2')]),
]);
const AFTER = interior('.', [
  interior('A', [leaf('x', '2', { acl: 'Get=a' })]),
  interior('new', [leaf('y', '2')]),
  interior('B', [leaf('z', '3')]),
]);

describe('dmw tree', () => {
  let folder: string;
  let before: string;
  let after: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dmw-tree-'));
    before = join(folder, 'before.xml');
    after = join(folder, 'after.json');
    await writeFile(before, writeTndsXml([{ path: '', node: BEFORE }]));
    await writeFile(after, writeTreeDocument({ tree: AFTER }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const lines = async (...args: string[]) => {
    const { code, stdout, stderr } = await dmw(['tree', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trimEnd().split('\n');
  };

  it('diff: what differs, whatever the forms; the commands for it; all as JSON', async () => {
    expect(await lines('diff', before, after)).toEqual([
      '> ./new (was ./old)',
      '+ ./B (2 nodes)',
      '- ./A/gone',
      '~ ./A/x Value "1" → "2", ACL "Get=*" → "Get=a"',
    ]);
    expect(await lines('diff', before, after, '--commands', '--within', './A')).toEqual([
      'Replace ./A/x chr "2"',
      'Delete ./A/gone',
      'Replace ./A/x?prop=ACL "Get=a"',
    ]);
    const data = JSON.parse((await lines('diff', before, after, '--json')).join('\n'));
    expect([data.changes.length, data.commands.length, data.skipped]).toEqual([4, 6, []]);
    expect(await lines('diff', after, after)).toEqual(['no difference']);
  });

  it('export: a part in another form, with chosen properties', async () => {
    const output = join(folder, 'part.wbxml');
    await lines(
      'export',
      after,
      '--as',
      'tnds-wbxml',
      '--uri',
      './B',
      '--properties',
      'Format,Value',
      '--output',
      output,
    );
    const { type: _, ...z } = leaf('z', '3');
    expect(readTndsWbxml(await readFile(output))).toEqual([{ path: '', node: interior('B', [z]) }]);
    const { stdout } = await dmw(['tree', 'export', '-', '--as', 'json'], writeTndsWbxml([{ path: '', node: AFTER }]));
    expect(stdout).toBe(await readFile(after, 'utf8'));
  });

  it.each([
    [['diff', 'x'], 2, 'name two files'],
    [['export', 'x', '--as', 'csv'], 2, '--as takes json, tnds-wbxml, tnds-xml'],
    [['explode'], 2, 'say diff or export'],
    [['diff', '/nowhere', '/nowhere'], 1, '/nowhere cannot be read (ENOENT). Check the path'],
  ])('%j: exit %i and why', async (args, code, words) => {
    const { code: exit, stderr } = await dmw(['tree', ...args]);
    expect(exit).toBe(code);
    expect(stderr).toContain(words);
  });
});
