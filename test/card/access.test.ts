/** What a plan says of keys: by the access rules of its very files, before any key is presented. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { keyFor, lockOf } from '../../src-core/card/access.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import { type Plan, planCard, planErase, verifyPlan, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { traceConnection } from '../../src-core/card/trace.ts';
import {
  type Access,
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
  type FileProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, inReader, RIGHT } from '../support/card-in-reader.ts';

const BOOTSTRAP = '3F007F506431';
const DODF = '3F007F506430';
const ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
const LISTED = 'A70A300804063F007F506430';

interface Change {
  readonly content?: string;
  readonly read?: Access;
  readonly update?: Access;
}

/** The default card with other rules and contents of its PKCS#15 files; nobody creates files unless said so. */
function cardWith(changes: Readonly<Record<number, Change>>, create: Access = 'never', pinEnabled = false): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files: FileProfile[] = blank.files.map(file =>
    file.kind === 'df' && file.fid === 0x7f50
      ? {
          ...file,
          change: create,
          files: file.files.map(inner => ({ ...inner, ...changes[inner.fid] }) as FileProfile),
        }
      : file,
  );
  return createUicc({ profile: { ...blank, files } as DfProfile, pinEnabled });
}

const plan = (card: Uicc, bytes: Uint8Array) => inReader(card, connection => planCard(connection, bytes));
const write = (card: Uicc, made: Plan) => inReader(card, connection => writePlan(connection, made, RIGHT));

describe('rules', () => {
  const key = (reference: number) => ({ kind: 'key', reference }) as const;
  const update = (condition: Parameters<typeof lockOf>[0] extends readonly (infer R)[] | undefined ? R : never) => [
    condition,
  ];

  it('name the key that opens a file, ADM1 before others', () => {
    const adm2 = update({ modes: ['UPDATE'], condition: key(0x0b) });
    const either = update({ modes: ['UPDATE'], condition: { kind: 'any', of: [key(0x0b), key(0x0a)] } });
    const both = update({ modes: ['UPDATE'], condition: { kind: 'all', of: [key(0x01), key(0x0a)] } });
    expect([adm2, either, both, undefined].map(rules => keyFor(rules, 'UPDATE'))).toEqual([
      0x0b,
      0x0a,
      undefined,
      undefined,
    ]);
    expect(lockOf(both, 'UPDATE', 0x0a)).toBe('its UPDATE rule asks for PIN1 and ADM1, and ADM1 is what is presented');
    expect(lockOf(update({ modes: ['READ'], condition: { kind: 'always' } }), 'UPDATE', 0x0a)).toBe(
      'its UPDATE rule is never',
    );
    expect([lockOf(either, 'UPDATE', 0x0a), lockOf([], 'UPDATE', 0x0a), lockOf(undefined, 'UPDATE', 0x0a)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a plan', () => {
  it('says what each file asks for, and the key with its tries', async () => {
    const made = await plan(createUicc(), document(300));
    expect(made).toMatchObject({ key: { reference: 0x0a, name: 'ADM1' }, admTriesLeft: 3, hindrances: [] });
    expect(made.files.map(({ access }) => access)).toEqual(Array(3).fill({ read: 'always', update: 'ADM1' }));
  });

  it('for a pointer that nobody may change says so, and no key is presented', async () => {
    const card = cardWith({ 25648: { update: 'never' } });
    const made = await plan(card, document(300));
    expect(made.hindrances).toEqual([
      { path: DODF, what: 'EF(DODF)', reason: 'its UPDATE rule is never', blocks: true },
    ]);
    const traced: string[] = [];
    const refused = inReader(card, connection =>
      writePlan(
        traceConnection(
          connection,
          () => 0,
          ({ name }) => traced.push(name),
        ),
        made,
        Secret.ofText('00000000'),
      ),
    );
    await expect(refused).rejects.toMatchObject({ code: 'update-locked', details: { path: DODF } });
    expect(traced).not.toContain('VERIFY');
    expect(card.admTriesLeft).toBe(3);
  });

  it('for a content file that nobody may change goes beside it, and says what stays', async () => {
    const old = toHex(document(80));
    const changes = {
      20529: { content: LISTED },
      25648: { content: ENTRY },
      25649: { content: old, update: 'never' },
    } as const;
    const card = cardWith(changes, 'adm1');
    const made = await plan(card, document(80, 2));
    expect(made.files.map(({ path }) => path)).toEqual(['3F007F506432', DODF, '3F007F505031']);
    expect(made.hindrances).toEqual([
      {
        path: BOOTSTRAP,
        what: 'EF DM_Bootstrap, the former one',
        reason: 'what it holds stays there: its UPDATE rule is never',
        blocks: false,
      },
    ]);
    await write(card, made);
    await inReader(card, connection => verifyPlan(connection, made));
    expect(toHex(await inReader(card, readBootstrapAsHandset))).toBe(toHex(document(80, 2)));

    const closed = cardWith(changes);
    expect((await plan(closed, document(80, 2))).hindrances).toMatchObject([{ path: BOOTSTRAP, blocks: true }]);
    const gone = await inReader(closed, planErase);
    expect(gone.hindrances).toMatchObject([{ path: BOOTSTRAP, blocks: false }]);
    await write(closed, gone);
    await inReader(closed, connection => verifyPlan(connection, gone));
    expect(await inReader(closed, readBootstrapAsHandset).catch(error => error.code)).toBe('no-bootstrap');
  });

  it('says that a file asks for another key', async () => {
    const made = await plan(cardWith({ 20529: { update: 'pin1' } }), document(300));
    expect(made.hindrances).toMatchObject([
      { path: '3F007F505031', reason: 'its UPDATE rule asks for PIN1, and ADM1 is what is presented', blocks: true },
    ]);
  });

  it('of a card that is read after its PIN says so with the tries, and costs none', async () => {
    const card = cardWith({ 25649: { read: 'pin1' } }, 'adm1', true);
    await expect(plan(card, document(300))).rejects.toMatchObject({
      code: 'pin-needed',
      message: `the card refused READ BINARY on ${BOOTSTRAP}: 6982, security status not satisfied; it is read after PIN1; PIN1 has 3 tries left`,
    });
    expect(card.pinTriesLeft).toBe(3);
    const open = cardWith({ 25649: { read: 'pin1' } });
    expect((await plan(open, document(300))).files[0]?.access).toEqual({ read: 'PIN1', update: 'ADM1' });
  });

  it('of a SIM has the rules of its access conditions: what nobody may change costs no try', async () => {
    const blank = blankSimProfile(DEFAULT_ICCID);
    const sim = (update: Access) =>
      createUicc({
        profile: {
          ...blank,
          files: blank.files.map(file =>
            file.kind === 'df' && file.fid === 0x7f50
              ? { ...file, files: file.files.map(inner => ({ ...inner, update }) as FileProfile) }
              : file,
          ),
        },
        habits: { classes: 'A0-only' },
      });
    const open = await plan(sim('adm1'), document(300));
    expect(open).toMatchObject({ key: { reference: 0x0a, name: 'ADM1' }, admTriesLeft: null, hindrances: [] });
    expect(open.files.map(({ access }) => access)).toEqual(Array(3).fill({ read: 'always', update: 'ADM1' }));

    const card = sim('never');
    const made = await plan(card, document(300));
    expect(made.hindrances).toHaveLength(3);
    expect(made.hindrances[0]).toEqual({
      path: BOOTSTRAP,
      what: 'EF DM_Bootstrap',
      reason: 'its UPDATE rule is never',
      blocks: true,
    });
    const options = { consent: { iccid: DEFAULT_ICCID } };
    const refused = inReader(card, connection => writePlan(connection, made, Secret.ofText('00000000'), options));
    await expect(refused).rejects.toMatchObject({ code: 'update-locked' });
    expect(card.admTriesLeft).toBe(3);
  });

  it('estimates the very commands of a write and a verification, and a time that grows with them', async () => {
    const card = createUicc();
    const made = await plan(card, document(600));
    let sent = 0;
    const count = (connection: CardConnection) =>
      traceConnection(
        connection,
        () => 0,
        () => sent++,
      );
    await inReader(card, connection => writePlan(count(connection), made, RIGHT, { asPlanned: true }));
    await inReader(card, connection => verifyPlan(count(connection), made));
    expect(made.estimate.apdus).toBe(sent);
    sent = 0;
    const other = await plan(card, document(600, 2));
    await inReader(card, connection => writePlan(count(connection), other, RIGHT, { asPlanned: true }));
    await inReader(card, connection => verifyPlan(count(connection), other));
    expect(sent).toBe(other.estimate.apdus);
    await inReader(card, async connection => {
      const back = await planCard(connection, document(600));
      await writePlan(connection, back, RIGHT);
    });
    const longer = await plan(createUicc(), document(3000));
    expect(longer.estimate.ms).toBeGreaterThan(made.estimate.ms);
    expect((await plan(card, document(600))).estimate).toMatchObject({ apdus: made.apdusToVerify });
  });
});
