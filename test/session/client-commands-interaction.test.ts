import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src-core/session/commands/question.ts';
import type { Answer, InteractionOptions, Question } from '../../src-core/session/interaction.ts';
import { add, alert, contextOf, run, tellAll, timeout } from './executing.ts';

const [DISPLAY, CONFIRM, INPUT, SINGLE, MULTIPLE] = [1100, 1101, 1102, 1103, 1104];
const shown: Answer = { kind: 'shown' };
const text = (value: string): Answer => ({ kind: 'text', text: value });
const chosen = (...numbers: number[]): Answer => ({ kind: 'chosen', numbers });
const bytes = (value: string) => new TextEncoder().encode(value);

describe('what a person is asked (Protocol §10.2)', () => {
  const asked = (...alerts: Parameters<typeof alert>): Question | undefined =>
    run([alert(...alerts)], contextOf(), [{ kind: 'cancelled' }]).questions[0];
  it.each<[string, Parameters<typeof alert>, Question]>([
    [
      'a text',
      [DISPLAY, 'MINDT=10', 'Management in progress'],
      { kind: 'display', text: 'Management in progress', choices: [], options: { minDisplaySeconds: 10 } },
    ],
    [
      'yes or no, without options',
      [CONFIRM, undefined, 'Add it?'],
      { kind: 'confirm', text: 'Add it?', choices: [], options: {} },
    ],
    [
      'for words',
      [INPUT, 'DR=John+Doe&ET=P', 'Name?'],
      {
        kind: 'text-input',
        text: 'Name?',
        choices: [],
        options: { defaultResponse: 'John Doe', echoType: 'password' },
      },
    ],
    [
      'for one of several',
      [SINGLE, '', 'Which?', 'CNN', 'Mobilbank'],
      { kind: 'single-choice', text: 'Which?', choices: ['CNN', 'Mobilbank'], options: {} },
    ],
    [
      'for some of several',
      [MULTIPLE, 'DR=2-3', 'Which?', 'a', '', 'c'],
      { kind: 'multiple-choice', text: 'Which?', choices: ['a', '', 'c'], options: { defaultResponse: '2-3' } },
    ],
    [
      'Items that no text question has are left',
      [DISPLAY, '', 'Hello', 'more'],
      { kind: 'display', text: 'Hello', choices: [], options: {} },
    ],
  ])('%s', (_name, told, question) => {
    expect(asked(...told)).toEqual(question);
  });

  const all = 'MINDT=1&MAXDT=2&DR=1&MAXLEN=3&IT=N&ET=P';
  it.each([
    [DISPLAY, { minDisplaySeconds: 1, maxDisplaySeconds: 2 }],
    [CONFIRM, { minDisplaySeconds: 1, maxDisplaySeconds: 2, defaultResponse: '1' }],
    [SINGLE, { minDisplaySeconds: 1, maxDisplaySeconds: 2, defaultResponse: '1' }],
    [INPUT, readOptions(all)],
  ])('alert %i: only the options that mean something to it', (code, options) => {
    expect(asked(code, all, 'Well?', 'a')?.options).toEqual(options);
  });

  it('text that travels as bytes', () => {
    const { questions } = run(
      [{ ...alert(DISPLAY), items: [{ data: bytes('MINDT=2') }, { data: bytes('Käse') }] }],
      contextOf(),
      [shown],
    );
    expect(questions).toMatchObject([{ text: 'Käse', options: { minDisplaySeconds: 2 } }]);
  });

  it('in the order of the alerts, and commands between them are executed before the next question', () => {
    const context = contextOf();
    const { questions } = run([alert(DISPLAY, '', 'one'), add('./Open/a'), alert(DISPLAY, '', 'two')], context, [
      shown,
      shown,
    ]);
    expect(questions.map(question => question.text)).toEqual(['one', 'two']);
  });
});

describe('options (Protocol §10.3)', () => {
  it.each<[string, InteractionOptions]>([
    ['', {}],
    ['MAXDT=30&DR=1', { maxDisplaySeconds: 30, defaultResponse: '1' }],
    [
      'MINDT=1&MAXDT=2&MAXLEN=3&IT=N&ET=T',
      { minDisplaySeconds: 1, maxDisplaySeconds: 2, maxLength: 3, inputType: 'numeric', echoType: 'text' },
    ],
    ['DR=John+Doe', { defaultResponse: 'John Doe' }],
    ['DR=100%25+%26+%C3%A9%3D', { defaultResponse: '100% & é=' }],
    ['DR=a=b', { defaultResponse: 'a=b' }],
    ['DR=', { defaultResponse: '' }],
    ['DR=%E9&MINDT=5', { minDisplaySeconds: 5 }],
    ['COLOUR=red&MINDT=5&=x&y&&', { minDisplaySeconds: 5 }],
    ['MINDT=0&MAXDT=-1&MAXLEN=ten', {}],
    ['MINDT=1.5&MAXDT=&MAXLEN=99999999999999', {}],
    ['IT=X&ET=X', {}],
    ['mindt=5', {}],
    ['MINDT=007', { minDisplaySeconds: 7 }],
    [' MINDT=5 ', { minDisplaySeconds: 5 }],
  ])('%j', (written, options) => {
    expect(readOptions(written)).toEqual(options);
  });

  it.each([
    ['A', 'alphanumeric'],
    ['N', 'numeric'],
    ['D', 'date'],
    ['T', 'time'],
    ['P', 'phone'],
    ['I', 'ip-address'],
  ])('IT=%s is %s', (written, inputType) => {
    expect(readOptions(`IT=${written}`)).toEqual({ inputType });
  });
});

describe('what an answer becomes (Protocol §10.2, RepPro §6.6.2)', () => {
  const status = (question: Parameters<typeof alert>, answer: Answer) =>
    tellAll([alert(...question)], contextOf(), [answer])[0];
  const three = ['Which?', 'a', 'b', 'c'];
  it.each<[string, Parameters<typeof alert>, Answer]>([
    ['Alert 200', [DISPLAY, '', 'Hello'], shown],
    ['Alert 200', [CONFIRM, '', 'Yes?'], { kind: 'confirmed', yes: true }],
    ['Alert 304', [CONFIRM, '', 'Yes?'], { kind: 'confirmed', yes: false }],
    ['Alert 200 [CNN]', [INPUT, '', 'Name?'], text('CNN')],
    ['Alert 200 []', [INPUT, '', 'Name?'], text('')],
    ['Alert 200 [éa€]', [INPUT, 'MAXLEN=3', 'Name?'], text('éa€')],
    ['Alert 200 [𝄞]', [INPUT, 'MAXLEN=1', 'Name?'], text('𝄞')],
    ['Alert 214', [INPUT, 'MAXLEN=3', 'Name?'], text('four')],
    ['Alert 200 [2]', [SINGLE, '', ...three], chosen(2)],
    ['Alert 200 [3, 1]', [MULTIPLE, '', ...three], chosen(3, 1)],
    ['Alert 200', [MULTIPLE, '', ...three], chosen()],
    ['Alert 214', [SINGLE, '', ...three], chosen()],
    ['Alert 214', [SINGLE, '', ...three], chosen(1, 2)],
    ['Alert 214', [SINGLE, '', ...three], chosen(0)],
    ['Alert 214', [SINGLE, '', ...three], chosen(4)],
    ['Alert 214', [SINGLE, '', ...three], chosen(1.5)],
    ['Alert 214', [MULTIPLE, '', ...three], chosen(1, 1)],
    ['Alert 214', [CONFIRM, '', 'Yes?'], { kind: 'cancelled' }],
    ['Alert 416', [SINGLE, '', ...three], { kind: 'cannot-show' }],
    ['Alert 408', [CONFIRM, 'MAXDT=2', 'Yes?'], timeout],
    ['Alert 200', [CONFIRM, 'DR=1', 'Yes?'], timeout],
    ['Alert 304', [CONFIRM, 'DR=0', 'Yes?'], timeout],
    ['Alert 408', [CONFIRM, 'DR=2', 'Yes?'], timeout],
    ['Alert 200 [me]', [INPUT, 'DR=me', 'Name?'], timeout],
    ['Alert 408', [INPUT, 'DR=meandyou&MAXLEN=3', 'Name?'], timeout],
    ['Alert 408', [INPUT, '', 'Name?'], timeout],
    ['Alert 200 [3]', [SINGLE, 'DR=3', ...three], timeout],
    ['Alert 408', [SINGLE, 'DR=4', ...three], timeout],
    ['Alert 408', [SINGLE, 'DR=x', ...three], timeout],
    ['Alert 200 [2, 3]', [MULTIPLE, 'DR=2-3', ...three], timeout],
    ['Alert 408', [MULTIPLE, 'DR=2-', ...three], timeout],
    ['Alert 200', [DISPLAY, 'MAXDT=2&DR=0', 'Hello'], timeout],
  ])('%s', (told, question, answer) => {
    expect(status(question, answer)).toBe(told);
  });

  it.each([
    ['N', ['0', '-1.23', '+7', ''], ['1a', '1,2', ' 1']],
    ['D', ['01012000', '31121999'], ['1012000', '00012000', '32012000', '01132000', '01-01-2000', '']],
    ['T', ['000000', '235959'], ['240000', '006000', '000060', '12:00:00', '1200']],
    ['P', ['+49123p456w7', '112', 's1'], ['4+9', '1-2', 'x']],
    ['I', ['127.0.0.1', '255.255.255.255'], ['256.1.1.1', '1.2.3', '1.2.3.4.5', '1.2.3.', '1.2.3.4.', 'a.b.c.d']],
    ['A', ['any thing: 1 ☃', ''], []],
  ])('IT=%s takes %j, not %j', (inputType, taken, refused) => {
    for (const value of taken)
      expect(status([INPUT, `IT=${inputType}`, '?'], text(value))).toBe(`Alert 200 [${value}]`);
    for (const value of refused) expect(status([INPUT, `IT=${inputType}`, '?'], text(value))).toBe('Alert 214');
  });

  it.each<[Parameters<typeof alert>, Answer]>([
    [[DISPLAY, '', 'Hello'], text('x')],
    [[CONFIRM, '', 'Yes?'], shown],
    [[INPUT, '', 'Name?'], chosen(1)],
    [[SINGLE, '', 'Which?', 'a'], { kind: 'confirmed', yes: true }],
  ])('an answer of another kind is the asker’s mistake', (question, answer) => {
    expect(() => status(question, answer)).toThrow(expect.objectContaining({ name: 'RequestError', code: 'answer' }));
  });
});
