import { describe, expect, it } from 'vitest';
import { type CommandInput, draftOf, titleOf, urisOf } from '../../../src-core/server/jobs/command-input.ts';
import { serverFault } from '../../../src-core/session/sendable.ts';
import type { Draft } from '../../../src-core/syncml/message.ts';

const item = { target: { uri: './A' } };
const replaceB = { kind: 'replace', uri: './B', format: 'chr', value: 'é' } as const;

describe('a command', () => {
  it.each<[string, string[], CommandInput, Draft]>([
    ['read ./A', ['./A'], { kind: 'get', uri: './A' }, { kind: 'Get', items: [item] }],
    [
      'read ./A?list=TNDS+ACL',
      ['./A'],
      { kind: 'get', uri: './A', list: 'TNDS+ACL' },
      { kind: 'Get', items: [{ target: { uri: './A?list=TNDS+ACL' } }] },
    ],
    [
      'read ./A?prop=ACL',
      ['./A'],
      { kind: 'get', uri: './A', prop: 'ACL' },
      { kind: 'Get', items: [{ target: { uri: './A?prop=ACL' } }] },
    ],
    [
      'replace ./A',
      ['./A'],
      { kind: 'replace', uri: './A', format: 'b64', value: 'AP8=' },
      { kind: 'Replace', items: [{ ...item, meta: { format: 'b64' }, data: 'AP8=' }] },
    ],
    [
      'replace ./A?prop=Title',
      ['./A'],
      { kind: 'replaceProperty', uri: './A', prop: 'Title', value: 'Größe' },
      { kind: 'Replace', items: [{ target: { uri: './A?prop=Title' }, data: 'Größe' }] },
    ],
    [
      'add ./A',
      ['./A'],
      { kind: 'add', uri: './A', format: 'bin', type: 'image/png', value: 'AP8=' },
      { kind: 'Add', items: [{ ...item, meta: { format: 'bin', type: 'image/png' }, data: Uint8Array.of(0, 255) }] },
    ],
    [
      'add ./A',
      ['./A'],
      { kind: 'add', uri: './A', format: 'node' },
      { kind: 'Add', items: [{ ...item, meta: { format: 'node' } }] },
    ],
    ['delete ./A', ['./A'], { kind: 'delete', uri: './A' }, { kind: 'Delete', items: [item] }],
    [
      'copy ./B to ./A',
      ['./B', './A'],
      { kind: 'copy', from: './B', to: './A' },
      { kind: 'Copy', items: [{ source: { uri: './B' }, target: { uri: './A' } }] },
    ],
    [
      'execute ./A',
      ['./A'],
      { kind: 'exec', uri: './A', data: 'now', correlator: '7' },
      { kind: 'Exec', correlator: '7', items: [{ ...item, data: 'now' }] },
    ],
    [
      'atomic of 2 commands',
      ['./B', './A'],
      { kind: 'atomic', commands: [replaceB, { kind: 'delete', uri: './A' }] },
      {
        kind: 'Atomic',
        commands: [
          {
            kind: 'Replace',
            items: [{ target: { uri: './B' }, meta: { format: 'chr', type: 'text/plain' }, data: 'é' }],
          },
          { kind: 'Delete', items: [item] },
        ],
      },
    ],
    [
      'sequence of 1 command',
      ['./A'],
      { kind: 'sequence', commands: [{ kind: 'get', uri: './A' }] },
      { kind: 'Sequence', commands: [{ kind: 'Get', items: [item] }] },
    ],
    [
      'ask: Who?',
      [],
      {
        kind: 'alert',
        ask: {
          kind: 'input',
          text: 'Who?',
          minSeconds: 5,
          maxSeconds: 30,
          defaultResponse: 'a&b',
          maxLength: 8,
          inputType: 'phone',
          echoType: 'password',
        },
      },
      {
        kind: 'Alert',
        code: 1102,
        items: [{ data: 'MINDT=5&MAXDT=30&DR=a%26b&MAXLEN=8&IT=P&ET=P' }, { data: 'Who?' }],
      },
    ],
    [
      'ask: Which?',
      [],
      { kind: 'alert', ask: { kind: 'choices', text: 'Which?', choices: ['x', 'y'] } },
      { kind: 'Alert', code: 1104, items: [{}, { data: 'Which?' }, { data: 'x' }, { data: 'y' }] },
    ],
  ])('%s', (title, uris, input, draft) => {
    expect([titleOf(input), urisOf(input), draftOf(input)]).toEqual([title, uris, draft]);
    expect(serverFault(draftOf(input))).toBeUndefined();
  });

  it.each([
    ['display', 1100],
    ['confirm', 1101],
    ['choice', 1103],
  ] as const)('%s is alert %i', (kind, code) => {
    expect(draftOf({ kind: 'alert', ask: { kind, text: 'T', choices: ['x'] } })).toMatchObject({ code });
  });
});
