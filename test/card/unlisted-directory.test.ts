/** EF(DODF) cut in the middle while no EF(ODF) lists it: what is in it decides nothing. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { planCard, writePlan } from '../../src-core/card/provision.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { cardWithFiles, carryOut, document, foundBy, inReader, RIGHT, torn } from '../support/card-in-reader.ts';

const DOCUMENT = document(140, 1);
const CARDS = [
  ['that is there', () => createUicc()],
  [
    'that the plan creates',
    () => cardWithFiles({ '5031': '', '6431': '' }, { creates: 'adm1', sizeOf: fid => (fid === '6431' ? 300 : 128) }),
  ],
] as const;

describe.each(CARDS)('an EF(DODF) %s, cut at every byte', (_, make) => {
  it.each(['resumed', 'planned anew'])('is completed when %s, with one copy of the document', async way => {
    const plan = await inReader(make(), connection => planCard(connection, DOCUMENT));
    const nth = plan.updates.findIndex(({ path }) => path.endsWith('6430'));
    const length = (plan.updates[nth]?.data.length ?? 0) / 2;
    expect(length).toBeGreaterThan(20);
    for (let bytes = 0; bytes <= length; bytes++) {
      const card = make();
      const cut = inReader(card, connection => writePlan(torn(connection, nth, bytes), plan, RIGHT));
      await expect(cut).rejects.toMatchObject({ code: 'card-removed' });
      const again = way === 'resumed' ? plan : await inReader(card, connection => planCard(connection, DOCUMENT));
      expect(again.files[0]?.path).toBe(plan.files[0]?.path);
      await carryOut(card, again);
      expect(await foundBy(card), `${bytes}`).toBe(toHex(DOCUMENT));
    }
  });
});
