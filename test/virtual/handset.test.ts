/** The virtual handset as a complete DM client, against the real DM server over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransportError } from '../../src-core/base/errors.ts';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { SendCommands } from '../../src-core/server/jobs/send-commands.ts';
import type { Question } from '../../src-core/session/interaction.ts';
import { DM_1_1, DM_1_3 } from '../../src-core/session/versions.ts';
import { defaultAnswer, scriptedAnswers } from '../../src-core/virtual/handset/answers.ts';
import { type Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import { type DmBench, newNonce, startDmBench } from '../support/dm-bench.ts';

const DEVICE = `IMEI:${DEFAULT_HANDSET.imei}`;
const confirm: CommandInput = { kind: 'alert', ask: { kind: 'confirm', text: 'Add the access point?' } };

let bench: DmBench;
beforeEach(async () => {
  bench = await startDmBench();
});
afterEach(() => bench.close());

/** A handset that has connected once, so that the server knows its tree. */
async function knownHandset(exchange: Exchange = exchangeOverHttp) {
  const handset = bench.handset(await bench.account('device'), {}, exchange);
  await handset.connect();
  const device = bench.dm.devices.get(DEVICE);
  if (!device) throw new Error('the server knows no device');
  const send = (...commands: CommandInput[]) => {
    const job = new SendCommands(commands, device);
    device.work.add(() => job);
    return job;
  };
  return { handset, send };
}

describe('a session', () => {
  it.each([
    ['XML', { encoding: 'xml' as const }],
    ['DM 1.1.2', { versions: [DM_1_1] }],
    ['DM 1.3', { versions: [DM_1_3] }],
    ['small messages', { maxMsgSize: 900 }],
    ['a session that the server asked for', { serverInitiated: true }],
  ])('in %s comes to its end', async (_name, options) => {
    const { handset, send } = await knownHandset();
    const job = send({ kind: 'get', uri: './DevDetail/FwV' });
    expect(await handset.connect(options)).toMatchObject({
      outcome: 'completed',
      authenticated: { client: true, server: true },
    });
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([200]);
  });

  it('keeps the nonces: the next one needs no challenge', async () => {
    const { handset } = await knownHandset();
    const first = await handset.connect();
    expect((await handset.connect()).messages).toBe(first.messages);
  });

  it('an answer that is lost on the way is asked for again, and nothing is done twice', async () => {
    let lose = false;
    const { handset, send } = await knownHandset(async (url, parcel, encoding) => {
      const answer = await exchangeOverHttp(url, parcel, encoding);
      lose = !lose;
      if (lose) throw new TransportError('lost', 'the answer was lost');
      return answer;
    });
    const job = send({ kind: 'add', uri: './Vendor/New', format: 'chr', type: 'text/plain', value: '1' });
    expect((await handset.connect()).outcome).toBe('completed');
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([200]);
  });

  it('a bearer that loses every answer is given up after three tries', async () => {
    let tries = 0;
    const handset = bench.handset(await bench.account('device'), {}, async () => {
      tries++;
      throw new TransportError('lost', 'the answer was lost');
    });
    await expect(handset.connect()).rejects.toMatchObject({ code: 'lost' });
    expect(tries).toBe(3);
  });
});

describe('user interaction', () => {
  async function asked(answers: string | undefined, ...commands: CommandInput[]) {
    const questions: Question[] = [];
    const answer = answers === undefined ? defaultAnswer : scriptedAnswers(answers);
    const handset = new VirtualHandset(DEFAULT_HANDSET, {
      now: Date.now,
      newNonce,
      exchange: exchangeOverHttp,
      ask: question => {
        questions.push(question);
        return answer(question);
      },
    });
    handset.bootstrap(buildDmBootstrap(await bench.account('device')));
    await handset.connect();
    const device = bench.dm.devices.get(DEVICE);
    if (!device) throw new Error('the server knows no device');
    const job = new SendCommands(commands, device);
    device.work.add(() => job);
    await handset.connect();
    return { codes: job.progress.statuses.map(({ code }) => code), questions };
  }

  it('is answered by a script, the first line that fits', async () => {
    const script = JSON.stringify([
      { about: 'access point', answer: { kind: 'confirmed', yes: false } },
      { answer: { kind: 'cancelled' } },
    ]);
    const { codes, questions } = await asked(script, confirm);
    expect(codes).toEqual([304]);
    expect(questions).toEqual([{ kind: 'confirm', text: 'Add the access point?', choices: [], options: {} }]);
  });

  it('without a script gets what the server proposes', async () => {
    const choices = ['CNN', 'Mobilbank'];
    const choice = { kind: 'choice', text: 'Service', choices, defaultResponse: '2' } as const;
    expect((await asked(undefined, { kind: 'alert', ask: choice }, confirm)).codes).toEqual([200, 200]);
  });

  it.each([
    ['no JSON', '[{', 'answers: '],
    ['an answer that there is not', '[{"answer":{"kind":"maybe"}}]', 'answers: '],
    ['a choice number 0', '[{"answer":{"kind":"chosen","numbers":[0]}}]', 'answers: '],
  ])('a script with %s is refused', (_name, script, words) => {
    expect(() => scriptedAnswers(script)).toThrow(
      expect.objectContaining({ name: 'EncodingError', message: expect.stringContaining(words) }),
    );
  });
});

describe('Exec', () => {
  it('with a Correlator is accepted, and a generic alert with the same tells its end', async () => {
    const { handset, send } = await knownHandset();
    const uri = './Vendor/Actions/SelfTest';
    const job = send({ kind: 'exec', uri, correlator: 'abc', data: 'long' });
    await handset.connect();
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([202]);
    expect(handset.executed).toEqual([{ uri, argument: 'long' }]);
    await handset.connect();
    const alerts = bench.events.filter(event => event.kind === 'alert').map(({ alert }) => alert);
    expect(alerts.at(-1)).toMatchObject({ code: 1226, correlator: 'abc', items: [{ source: { uri }, data: 'done' }] });
  });

  it('without one ends at once; another node is not executable', async () => {
    const { handset, send } = await knownHandset();
    const job = send({ kind: 'exec', uri: './Vendor/Actions/SelfTest' }, { kind: 'exec', uri: './Vendor/WelcomeText' });
    await handset.connect();
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([200, 425]);
    expect(handset.executed).toHaveLength(1);
  });
});

describe('its tree', () => {
  it('keeps what came from the factory', async () => {
    const { handset, send } = await knownHandset();
    const remove = (uri: string): CommandInput => ({ kind: 'delete', uri });
    const job = send(remove('./DevInfo/Man'), remove('./DMAcc'), remove('./Vendor/WelcomeText'));
    await handset.connect();
    expect(job.progress.statuses.map(({ code }) => code)).toEqual([405, 405, 200]);
  });
});
