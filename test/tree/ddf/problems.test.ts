import { describe, expect, it } from 'vitest';
import { Descriptions } from '../../../src-core/tree/ddf/descriptions.ts';
import type { PlannedCommand } from '../../../src-core/tree/ddf/planned.ts';
import { problemsOf } from '../../../src-core/tree/ddf/problems.ts';
import { describing, file, group, tree, value } from './samples.ts';

const DISPLAY = group('Display', [
  value('Brightness', { format: 'int', occurrence: { least: 0, most: 1 } }),
  value('Serial', { access: ['Get'], scope: 'Permanent' }),
  value('Tone', { mimeTypes: ['audio/mpeg', 'audio/mp4'], format: 'bin' }),
  group('Test', [], { access: ['Add', 'Exec', 'Get'] }),
  group('Profiles', [value('', { occurrence: { least: 1, most: 2 }, access: ['Copy', 'Delete', 'Get', 'Replace'] })]),
]);
const KNOWN = tree({
  './Display': 'node',
  './Display/Serial': 'chr',
  './Display/Tone': 'bin',
  './Display/Test': 'node',
  './Display/Profiles': 'node',
  './Display/Profiles/1': 'chr',
});

function found(...commands: PlannedCommand[]) {
  return problemsOf(commands, KNOWN, describing(DISPLAY)).map(({ code, status, command }) => [command, code, status]);
}

const add = (uri: string, format = 'chr', more: { type?: string; value?: string } = {}) =>
  ({ kind: 'add', uri, format, ...more }) as const;
const replace = (uri: string, format: string, content: string, type?: string) =>
  ({ kind: 'replace', uri, format, value: content, type }) as const;

describe('what speaks against a command', () => {
  it.each<[string, PlannedCommand]>([
    ['Get', { kind: 'get', uri: './Display/Serial' }],
    ['Replace', replace('./Display/Brightness', 'int', '70', 'text/plain')],
    ['Replace of bytes as base64', replace('./Display/Tone', 'b64', 'AAEC', 'audio/mpeg; rate=8000')],
    ['Add', add('./Display/Brightness', 'int', { value: '7' })],
    ['Add of a placeholder', add('./Display/Profiles/2')],
    ['Delete', { kind: 'delete', uri: './Display/Brightness' }],
    ['Exec', { kind: 'exec', uri: './Display/Test' }],
    ['Copy', { kind: 'copy', from: './Display/Profiles/1', to: './Display/Profiles/2' }],
    ['a node that is in no description', add('./Other/Thing', 'xml', { value: '<a/>' })],
    ['a node below an open one', add('./Display/Test/Any', 'node')],
    ['a question', { kind: 'alert' }],
  ])('nothing: %s', (_name, command) => {
    expect(found(command)).toEqual([]);
  });

  it.each<[string, PlannedCommand, string, number]>([
    ['Replace of what can only be read', replace('./Display/Serial', 'chr', 'x'), 'access-type', 405],
    ['Exec of a leaf', { kind: 'exec', uri: './Display/Tone' }, 'access-type', 405],
    ['Copy of what takes none', { kind: 'copy', from: './Display/Serial', to: './Other' }, 'access-type', 405],
    ['Delete of a permanent node', { kind: 'delete', uri: './Display/Serial' }, 'permanent', 405],
    [
      'Rename of a permanent node',
      { kind: 'replaceProperty', uri: './Display/Serial', prop: 'Name', value: 'Tone2' },
      'permanent',
      405,
    ],
    ['another format', replace('./Display/Brightness', 'chr', '70'), 'format', 415],
    ['a format that is none', add('./Other', 'money'), 'format', 415],
    ['another type', replace('./Display/Tone', 'bin', 'AAEC', 'image/png'), 'type', 415],
    ['a type that is none', replace('./Other', 'chr', 'x', 'text'), 'type', 415],
    ['a value of another format', replace('./Display/Brightness', 'int', 'bright'), 'value', 400],
    ['a value too large for an int', replace('./Other', 'int', '2147483648'), 'value', 400],
    ['a name that is not described', add('./Display/Colour'), 'name', 405],
    ['a name in other case', add('./Display/brightness', 'int'), 'case', 405],
    ['a node that is there', add('./Display/Tone', 'bin'), 'exists', 418],
    ['the last that must be there', { kind: 'delete', uri: './Display/Profiles/1' }, 'occurrence', 405],
  ])('%s', (_name, command, code, status) => {
    expect(found(command)).toContainEqual([0, code, status]);
  });

  it('one more than there may be', () => {
    expect(found(add('./Display/Profiles/2'), add('./Display/Profiles/3'))).toEqual([[1, 'occurrence', 405]]);
  });

  it('commands before it count, also those inside groups', () => {
    const inner: PlannedCommand = { kind: 'atomic', commands: [add('./Display/Profiles/2')] };
    expect(found(inner, add('./Display/Profiles/3'))).toEqual([[1, 'occurrence', 405]]);
    expect(found(inner, { kind: 'delete', uri: './Display/Profiles/1' }, add('./Display/Profiles/3'))).toEqual([]);
    expect(
      found(
        add('./Display/Profiles/2'),
        { kind: 'delete', uri: './Display/Profiles' },
        add('./Display/Profiles', 'node'),
      ),
    ).toEqual([[1, 'occurrence', 405]]);
  });

  it('a new object is judged by the identifier that it brings', () => {
    const fumo = group('', [value('State', { format: 'int' })], { identifier: 'urn:fumo' });
    const commands = [
      add('./FUMO/1', 'node', { type: 'urn:fumo' }),
      add('./FUMO/1/State', 'chr'),
      add('./FUMO/1/Stat'),
    ];
    expect(problemsOf(commands, tree(), describing(fumo)).map(({ command, code }) => [command, code])).toEqual([
      [1, 'format'],
      [2, 'name'],
    ]);
  });

  it('where case does not tell names apart, a second spelling is the same node', () => {
    const descriptions = describing(group('A', [value('')], { caseSense: 'CIS' }));
    const [problem] = problemsOf([add('./A/LEVEL')], tree({ './A/Level': 'chr' }), descriptions);
    expect(problem).toMatchObject({ code: 'case', status: 418, advice: 'Use Level, or another name' });
  });

  it('says what, by which description, and what to do', () => {
    expect(problemsOf([replace('./Display/Serial', 'chr', 'x')], KNOWN, describing(DISPLAY))).toEqual([
      {
        code: 'access-type',
        command: 0,
        uri: './Display/Serial',
        text: './Display/Serial is not described as taking Replace: AccessType is Get',
        advice: 'Expect 405 (Command not allowed); use Get',
        severity: 'warning',
        status: 405,
        ddf: 'test',
      },
    ]);
  });

  it('a description for no model in particular is only noted: the device may allow more', () => {
    const generic = new Descriptions([file([DISPLAY])]);
    const severities = (command: PlannedCommand) => problemsOf([command], KNOWN, generic).map(p => p.severity);
    expect(severities(replace('./Display/Serial', 'chr', 'x'))).toEqual(['note']);
    expect(severities(replace('./Display/Brightness', 'chr', '70'))).toEqual(['warning']);
  });
});
