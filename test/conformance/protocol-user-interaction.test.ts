/** OMA-TS-DM_Protocol-V1_2_1 §10: user interaction. */
import { expect } from 'vitest';
import type { Answer, Question } from '../../src-core/session/interaction.ts';
import type { Draft, Item, Message, Status } from '../../src-core/syncml/message.ts';
import { alert, codesIn, commandsIn, replace, statusesIn } from './bench.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

const ITEMS: Record<number, Item[]> = {
  1100: [{ data: 'Hello' }],
  1101: [{ data: 'Go on?' }],
  1102: [{ data: 'Your name' }],
  1103: [{ data: 'Service' }, { data: 'CNN' }, { data: 'Mobilbank' }, { data: 'Game Channel' }],
  1104: [{ data: 'Services' }, { data: 'CNN' }, { data: 'Mobilbank' }, { data: 'Game Channel' }],
};
const ANSWERS: Record<number, Answer> = {
  1100: { kind: 'shown' },
  1101: { kind: 'confirmed', yes: true },
  1102: { kind: 'text', text: 'Bruce' },
  1103: { kind: 'chosen', numbers: [2] },
  1104: { kind: 'chosen', numbers: [1, 3] },
};
const CODES = [1100, 1101, 1102, 1103, 1104];

/** The alert with `options` in its first Item. */
const asking = (code: number, options?: string): Draft =>
  alert(code, options === undefined ? {} : { data: options }, ...(ITEMS[code] ?? []));

/** What a client asks its user when the server sends that alert. */
const asked = (draft: Draft) => {
  const server = new ScriptedServer();
  server.tryBegin([draft]);
  const { question } = server;
  if (!question) throw new Error('the client asked nothing');
  return { server, question };
};
const answerOf = (code: number): Answer => ANSWERS[code] ?? { kind: 'cancelled' };
const options = (code: number, text: string): Question['options'] => asked(asking(code, text)).question.options;
const alertStatus = (message: Message | undefined): Status | undefined =>
  message && statusesIn(message).find(({ cmd }) => cmd === 'Alert');

/** What a server does with an alert that its work gives it. */
const sent = (draft: Draft): boolean => {
  const device = new ScriptedDevice({ work: [[draft, replace('./A/B', 'new')]] });
  const went = commandsIn(device.begin()).some(({ kind }) => kind === 'Alert');
  expect(device.unsent.map(([unsent]) => unsent)).toEqual(went ? [] : [draft]);
  return went;
};

requirement('PRO-10.2-1', () => {
  const server = new ScriptedServer({ interactive: false });
  const reply = server.begin(CODES.map(code => asking(code)));
  expect(codesIn(reply)).toEqual(CODES.map(() => 'Alert 406'));
});

requirement('PRO-10.2-2', () => {
  for (const code of [1103, 1104]) {
    expect(asked(asking(code)).question.choices).toEqual(['CNN', 'Mobilbank', 'Game Channel']);
  }
});

requirement('PRO-10.2-3', () => {
  const { question } = asked(asking(1104, 'DR=2-3&MINDT=10'));
  expect(question).toEqual({
    kind: 'multiple-choice',
    text: 'Services',
    choices: ['CNN', 'Mobilbank', 'Game Channel'],
    options: { defaultResponse: '2-3', minDisplaySeconds: 10 },
  });
});

requirement('PRO-10.2.2-1', () => {
  const server = new ScriptedServer();
  server.tryBegin([{ kind: 'Atomic', commands: [replace('./A/B', 'new'), asking(1101), replace('./A/C', 'new')] }]);
  expect(server.value('./A/B')).toBe('new');
  const reply = server.answer({ kind: 'confirmed', yes: false });
  expect([server.value('./A/B'), server.value('./A/C')]).toEqual(['b', 'c']);
  expect(reply && codesIn(reply)).toEqual(['Atomic 507', 'Replace 216', 'Alert 304', 'Replace 215']);
});

requirement('PRO-10.2.4-1', () => {
  const [title, ...choices] = ITEMS[1103] ?? [];
  expect(sent(alert(1103, {}, title ?? {}, ...choices))).toBe(true);
  expect(sent(alert(1103, { data: 'MINDT=10' }, title ?? {}, ...choices))).toBe(true);
  expect(sent(alert(1103, title ?? {}, ...choices))).toBe(false);
});

requirement('PRO-10.2.4-2', () => {
  const [, ...choices] = ITEMS[1104] ?? [];
  expect(sent(alert(1104, {}, {}, ...choices))).toBe(false);
  expect(sent(alert(1104, {}))).toBe(false);
});

requirement('PRO-10.2.4-3', () => {
  const title = { data: 'Service' };
  expect(sent(alert(1103, {}, title))).toBe(false);
  expect(sent(alert(1103, {}, title, { data: 'CNN' }, {}))).toBe(false);
  expect(sent(alert(1103, {}, title, { data: 'CNN' }))).toBe(true);
});

requirement('PRO-10.2.4-4', () => {
  const single = asked(asking(1103)).server.answer({ kind: 'chosen', numbers: [2] });
  expect(alertStatus(single)).toMatchObject({ code: 200, items: [{ data: '2' }] });
  const multiple = asked(asking(1104)).server.answer({ kind: 'chosen', numbers: [1, 3] });
  expect(alertStatus(multiple)?.items.map(({ data }) => data)).toEqual(['1', '3']);
});

requirement('PRO-10.3-1', () => {
  for (const code of CODES) {
    const { server, question } = asked(asking(code, 'FUTURE=1&MAXDT=20&FLAG&MINDT=x'));
    expect(question.options).toEqual({ maxDisplaySeconds: 20 });
    expect(alertStatus(server.answer(answerOf(code)))?.code).toBe(200);
  }
});

requirement('PRO-10.3.1-1', () => {
  for (const value of ['0', '-1', '1.5', 'ten', '']) expect(sent(asking(1100, `MINDT=${value}`))).toBe(false);
  expect(sent(asking(1100, 'MINDT=10'))).toBe(true);
});

requirement('PRO-10.3.2-1', () => {
  for (const value of ['0', '-1', '1.5', 'ten', '']) expect(sent(asking(1101, `MAXDT=${value}`))).toBe(false);
  expect(sent(asking(1101, 'MAXDT=20&MINDT=10'))).toBe(true);
});

requirement('PRO-10.3.3-1', () => {
  for (const value of ['John Doe', 'J=D', '%zz', 'Zoë']) expect(sent(asking(1102, `DR=${value}`))).toBe(false);
  expect(sent(asking(1102, 'DR=John+Doe&MAXLEN=30'))).toBe(true);
  expect(options(1102, 'DR=Zo%C3%AB+%26+co')).toEqual({ defaultResponse: 'Zoë & co' });
});

requirement('PRO-10.3.4-1', () => {
  expect(options(1102, 'MAXLEN=3')).toEqual({ maxLength: 3 });
  for (const code of [1100, 1101, 1103, 1104]) {
    const { server, question } = asked(asking(code, 'MAXLEN=1'));
    expect(question.options).toEqual({});
    expect(alertStatus(server.answer(answerOf(code)))?.code).toBe(200);
  }
});

requirement('PRO-10.3.5-1', () => {
  expect(options(1102, 'IT=N')).toEqual({ inputType: 'numeric' });
  for (const code of [1100, 1101, 1103, 1104]) expect(options(code, 'IT=N')).toEqual({});
});

requirement('PRO-10.3.5-2', () => {
  const answered = (text: string) => alertStatus(asked(asking(1102, 'IT=P')).server.answer({ kind: 'text', text }));
  expect(answered('+358401234567')).toMatchObject({ code: 200, items: [{ data: '+358401234567' }] });
  // No phone number: it was not entered, and no text goes to the server.
  for (const text of ['358+40', '++358']) expect(answered(text)).toMatchObject({ code: 214, items: [] });
});

requirement('PRO-10.3.6-1', () => {
  expect(options(1102, 'ET=P')).toEqual({ echoType: 'password' });
  for (const code of [1100, 1101, 1103, 1104]) expect(options(code, 'ET=P')).toEqual({});
});
