import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExecutionContext, execute } from '../../src-core/session/client-commands.ts';
import type { Answer } from '../../src-core/session/interaction.ts';
import type { Command, Group } from '../../src-core/syncml/message.ts';
import { leaf } from '../../src-core/tree/node.ts';
import { all, ONE, TWO } from '../tree/tree-under-test.ts';
import {
  add,
  alert,
  atomic,
  cancelled,
  command,
  confirm,
  contextOf,
  copy,
  exec,
  get,
  item,
  no,
  remove,
  replace,
  sequence,
  tellAll,
  timeout,
  yes,
} from './executing.ts';

const unsupported: Command = { kind: 'Unsupported', cmdId: 'u', name: 'Put' };

type Case = [string, Command[], Answer[], string[]];

describe('Sequence (RepPro §6.6.14, Protocol §10.2.2)', () => {
  it.each<Case>([
    [
      'is 200 once it has begun, and its commands run in order',
      [
        sequence(
          add('./Open/a'),
          replace('./Open/a', 'y'),
          get('./Open/a'),
          remove('./Open/a'),
          exec('./Open/Text'),
          copy('./Open/Text', './Open/b'),
        ),
      ],
      [],
      [
        'Sequence 200',
        'Add ./Open/a 200',
        'Replace ./Open/a 200',
        'Get ./Open/a 200',
        'Delete ./Open/a 200',
        'Exec ./Open/Text 200',
        'Copy ./Open/Text → ./Open/b 200',
      ],
    ],
    [
      'goes on after a command that failed',
      [sequence(remove('./No'), add('./Open/a'))],
      [],
      ['Sequence 200', 'Delete ./No 404', 'Add ./Open/a 200'],
    ],
    [
      'Yes: it goes on',
      [sequence(confirm(), add('./Open/a'))],
      [yes],
      ['Sequence 200', 'Alert 200', 'Add ./Open/a 200'],
    ],
    [
      'No: the rest of it is bypassed, and nothing else',
      [sequence(add('./Open/a'), confirm(), add('./Open/b'), remove('./Open/a', './Open/b')), add('./Open/c')],
      [no],
      [
        'Sequence 200',
        'Add ./Open/a 200',
        'Alert 304',
        'Add ./Open/b 215',
        'Delete ./Open/a 215',
        'Delete ./Open/b 215',
        'Add ./Open/c 200',
      ],
    ],
    [
      'No: groups in it are bypassed with all that they hold',
      [sequence(confirm(), atomic(add('./Open/a'), sequence(get('.'))), unsupported, exec('./Open/Text'))],
      [no],
      [
        'Sequence 200',
        'Alert 304',
        'Atomic 215',
        'Add ./Open/a 215',
        'Sequence 215',
        'Get . 215',
        'Unsupported 215',
        'Exec ./Open/Text 215',
      ],
    ],
    [
      'No in a Sequence of a Sequence bypasses the inner one only',
      [sequence(sequence(confirm(), add('./Open/a')), add('./Open/b'))],
      [no],
      ['Sequence 200', 'Sequence 200', 'Alert 304', 'Add ./Open/a 215', 'Add ./Open/b 200'],
    ],
    [
      'cancelled: nothing more of the message is executed',
      [sequence(add('./Open/a'), confirm(), add('./Open/b')), add('./Open/c'), sequence(get('.'))],
      [cancelled],
      [
        'Sequence 200',
        'Add ./Open/a 200',
        'Alert 214',
        'Add ./Open/b 215',
        'Add ./Open/c 215',
        'Sequence 215',
        'Get . 215',
      ],
    ],
    [
      'nobody answers: as if cancelled (Protocol §10.3)',
      [sequence(confirm(), add('./Open/b')), add('./Open/c')],
      [timeout],
      ['Sequence 200', 'Alert 408', 'Add ./Open/b 215', 'Add ./Open/c 215'],
    ],
    [
      'an Atomic in it',
      [sequence(atomic(remove('./No')), add('./Open/a'))],
      [],
      ['Sequence 200', 'Atomic 507', 'Delete ./No 404', 'Add ./Open/a 200'],
    ],
    ['is refused with nothing in it', [sequence(), atomic()], [], ['Sequence 412', 'Atomic 412']],
  ])('%s', (_name, commands, answers, expected) => {
    expect(tellAll(commands, contextOf(), answers)).toEqual(expected);
  });
});

describe('outside of groups (Protocol §10.2)', () => {
  it.each<Case>([
    ['No changes nothing', [confirm(), add('./Open/a')], [no], ['Alert 304', 'Add ./Open/a 200']],
    [
      'cancelled ends the message',
      [add('./Open/a'), confirm(), add('./Open/b'), atomic(add('./Open/c'))],
      [cancelled],
      ['Add ./Open/a 200', 'Alert 214', 'Add ./Open/b 215', 'Atomic 215', 'Add ./Open/c 215'],
    ],
    [
      'what cannot be shown ends nothing',
      [confirm(), add('./Open/a')],
      [{ kind: 'cannot-show' }],
      ['Alert 416', 'Add ./Open/a 200'],
    ],
    [
      'a display that is cancelled ends it as well',
      [alert(1100, '', 'Hello'), add('./Open/a')],
      [cancelled],
      ['Alert 214', 'Add ./Open/a 215'],
    ],
  ])('%s', (_name, commands, answers, expected) => {
    expect(tellAll(commands, contextOf(), answers)).toEqual(expected);
  });
});

describe('Atomic (RepPro §6.6.3, Protocol §10.2.2)', () => {
  it('is 200 where all is well, and it is done', () => {
    const context = contextOf();
    const commands = [
      atomic(confirm(), add('./Open/a'), replace('./Open/a', 'y'), copy('./Open/a', './Open/b'), remove('./Open/a')),
    ];
    expect(tellAll(commands, context, [yes])).toEqual([
      'Atomic 200',
      'Alert 200',
      'Add ./Open/a 200',
      'Replace ./Open/a 200',
      'Copy ./Open/a → ./Open/b 200',
      'Delete ./Open/a 200',
    ]);
    expect(context.tree.get('./Open/b', ONE).value).toBe('y');
    expect(context.tree.has('./Open/a')).toBe(false);
  });

  it.each<[...Case]>([
    [
      'a command fails',
      [atomic(add('./Open/a'), remove('./No'), add('./Open/b'))],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Delete ./No 404', 'Add ./Open/b 215'],
    ],
    [
      'one Item of a command fails',
      [atomic(replace('./Open/Text', 'w'), remove('./Open/Number', './No', './Open/Inner'), add('./Open/b'))],
      [],
      [
        'Atomic 507',
        'Replace ./Open/Text 216',
        'Delete ./Open/Number 216',
        'Delete ./No 404',
        'Delete ./Open/Inner 215',
        'Add ./Open/b 215',
      ],
    ],
    [
      'a failure names what it names',
      [atomic(add('./Open/Text/X/Y')), add('./Open/b')],
      [],
      ['Atomic 507', 'Add ./Open/Text/X/Y 405 [./Open/Text/X]', 'Add ./Open/b 200'],
    ],
    [
      'a copy is undone',
      [atomic(copy('./Open/Text', './Open/Number'), remove('./No'))],
      [],
      ['Atomic 507', 'Copy ./Open/Text → ./Open/Number 216', 'Delete ./No 404'],
    ],
    [
      'a Get is not legal',
      [atomic(add('./Open/a'), get('.'), add('./Open/b'))],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Get 500', 'Add ./Open/b 215'],
    ],
    [
      'an Atomic in it is not legal',
      [atomic(add('./Open/a'), atomic(add('./Open/c')), add('./Open/b'))],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Atomic 500', 'Add ./Open/c 215', 'Add ./Open/b 215'],
    ],
    [
      'nor in a Sequence in it',
      [atomic(sequence(add('./Open/a'), atomic(add('./Open/c'))), add('./Open/b'))],
      [],
      ['Atomic 507', 'Sequence 200', 'Add ./Open/a 216', 'Atomic 500', 'Add ./Open/c 215', 'Add ./Open/b 215'],
    ],
    [
      'a Sequence in it stops where it fails',
      [atomic(sequence(add('./Open/a'), remove('./No'), add('./Open/c')), add('./Open/b'))],
      [],
      ['Atomic 507', 'Sequence 200', 'Add ./Open/a 216', 'Delete ./No 404', 'Add ./Open/c 215', 'Add ./Open/b 215'],
    ],
    [
      'a command that DM does not have',
      [atomic(add('./Open/a'), unsupported)],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Unsupported 406'],
    ],
    [
      'an Exec is not legal',
      [atomic(add('./Open/a'), exec('./Open/Text'), add('./Open/b'))],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Exec 500', 'Add ./Open/b 215'],
    ],
    [
      'an Exec of a Sequence in it that ran cannot be undone',
      [atomic(add('./Open/a'), sequence(exec('./Open/Text')), exec('./Open/Text'))],
      [],
      ['Atomic 516', 'Add ./Open/a 216', 'Sequence 200', 'Exec ./Open/Text 516', 'Exec 500'],
    ],
    [
      'an Exec that was refused need not be',
      [atomic(add('./Open/a'), sequence(exec('./One/Value')))],
      [],
      ['Atomic 507', 'Add ./Open/a 216', 'Sequence 200', 'Exec ./One/Value 425'],
    ],
    [
      'No',
      [atomic(add('./Open/a'), confirm(), add('./Open/b')), add('./Open/c')],
      [no],
      ['Atomic 507', 'Add ./Open/a 216', 'Alert 304', 'Add ./Open/b 215', 'Add ./Open/c 200'],
    ],
    [
      'No in a Sequence in it',
      [atomic(sequence(add('./Open/a'), confirm(), add('./Open/b')), add('./Open/d')), add('./Open/c')],
      [no],
      [
        'Atomic 507',
        'Sequence 200',
        'Add ./Open/a 216',
        'Alert 304',
        'Add ./Open/b 215',
        'Add ./Open/d 215',
        'Add ./Open/c 200',
      ],
    ],
    [
      'cancelled: the whole message ends',
      [atomic(alert(1100, '', 'Hello'), add('./Open/a'), confirm(), add('./Open/b')), add('./Open/c')],
      [{ kind: 'shown' }, cancelled],
      ['Atomic 507', 'Alert 216', 'Add ./Open/a 216', 'Alert 214', 'Add ./Open/b 215', 'Add ./Open/c 215'],
    ],
    [
      'nobody answers',
      [atomic(add('./Open/a'), confirm()), add('./Open/c')],
      [timeout],
      ['Atomic 507', 'Add ./Open/a 216', 'Alert 408', 'Add ./Open/c 215'],
    ],
    [
      'what cannot be shown',
      [atomic(add('./Open/a'), confirm()), add('./Open/c')],
      [{ kind: 'cannot-show' }],
      ['Atomic 507', 'Add ./Open/a 216', 'Alert 416', 'Add ./Open/c 200'],
    ],
    [
      'a text that was typed goes with it',
      [atomic(alert(1102, '', 'Name?'), remove('./No'))],
      [{ kind: 'text', text: 'me' }],
      ['Atomic 507', 'Alert 216', 'Delete ./No 404'],
    ],
  ])('fails as one and changes nothing: %s', (_name, commands, answers, expected) => {
    const context = contextOf();
    const [first] = commands as [Group];
    const before = all(context.tree);
    const outcomes = tellAll([first], context, answers);
    expect(all(context.tree)).toEqual(before);
    expect(outcomes).toEqual(expected.slice(0, outcomes.length));
    // And with what comes after it.
    expect(tellAll(commands, contextOf(), answers)).toEqual(expected);
  });

  it('is rolled back where the session ends while the user is asked', () => {
    const context = contextOf();
    const before = all(context.tree);
    const generator = execute([atomic(add('./Open/a'), confirm())], context);
    expect(generator.next().value).toMatchObject({ kind: 'confirm' });
    expect(context.tree.has('./Open/a')).toBe(true);
    generator.return([]);
    expect(all(context.tree)).toEqual(before);
  });

  it('is rolled back where executing breaks', () => {
    const failing = () => {
      throw new TypeError('bug');
    };
    const context = contextOf({ exec: failing });
    const before = all(context.tree);
    expect(() => tellAll([atomic(add('./Open/a'), sequence(exec('./Open/Text')))], context)).toThrow('bug');
    expect(all(context.tree)).toEqual(before);
  });

  it('what an Exec does to the device stays, though the Atomic fails', () => {
    const context: ExecutionContext = contextOf({
      exec: () => {
        context.tree.add('./DMAcc/done', leaf('', 'x'), 'device');
        return { code: 200 };
      },
    });
    expect(tellAll([atomic(sequence(exec('./Open/Text')), remove('./No'))], context)[0]).toBe('Atomic 516');
    expect(context.tree.has('./DMAcc/done')).toBe(true);
  });

  it('one after the other: each on its own', () => {
    const context = contextOf();
    tellAll([atomic(add('./Open/a')), atomic(add('./Open/b'), remove('./No')), atomic(add('./Open/c'))], context);
    expect(['a', 'b', 'c'].map(name => context.tree.has(`./Open/${name}`))).toEqual([true, false, true]);
  });

  it('multi-Item commands in a Sequence of it: their Items are one each', () => {
    const commands = [atomic(command('Add', item('./Open/a', { data: '1' }), item('./Open/a', { data: '2' })))];
    expect(tellAll(commands)).toEqual(['Atomic 507', 'Add ./Open/a 216', 'Add ./Open/a 418']);
  });
});

describe('whatever the commands and the answers', () => {
  const uri = fc.constantFrom(
    './Open/Text',
    './Open/a',
    './Open/Inner',
    './No',
    '.',
    './One/Value',
    './Open/Text?prop=Title',
  );
  const { one } = fc.letrec<{ one: Command; inner: Command[] }>(tie => ({
    one: fc.oneof(
      { depthSize: 'small' },
      uri.map(at => add(at)),
      uri.map(at => replace(at, 'r')),
      uri.map(at => remove(at)),
      uri.map(at => get(at)),
      uri.map(at => exec(at)),
      fc.tuple(uri, uri).map(([a, b]) => copy(a, b)),
      fc.constant(null).map(() => confirm()),
      tie('inner').map(commands => atomic(...(commands as Command[]))),
      tie('inner').map(commands => sequence(...(commands as Command[]))),
    ),
    inner: fc.array(tie('one'), { maxLength: 4 }) as fc.Arbitrary<Command[]>,
  }));
  const answer = fc.constantFrom<Answer>(yes, yes, no, cancelled, timeout);
  const countOf = (commands: readonly Command[]): number =>
    commands.reduce((sum, each) => sum + 1 + ('commands' in each ? countOf(each.commands) : 0), 0);

  it('every command has one status, in order, its group’s before its own; an Atomic that failed changed nothing', () => {
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 6 }),
        fc.infiniteStream(answer),
        fc.constantFrom(ONE, TWO),
        (commands, stream, actor) => {
          const context = contextOf({ actor });
          const before = all(context.tree);
          const answers = [...stream.take(64)];
          const told = tellAll(commands, context, answers);
          expect(told).toHaveLength(countOf(commands));
          const flat = (list: readonly Command[]): string[] =>
            list.flatMap(each => [each.kind, ...('commands' in each ? flat(each.commands) : [])]);
          expect(told.map(line => line.split(' ')[0])).toEqual(flat(commands));
          if (commands.every(({ kind }) => kind === 'Atomic') && told.every(line => !/^Atomic 200/.test(line))) {
            expect(all(context.tree)).toEqual(before);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
