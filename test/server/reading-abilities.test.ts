import { describe, expect, it } from 'vitest';
import { ReadingAbilities } from '../../src-core/server/reading-abilities.ts';

describe('what a device answers when it is asked for lists and properties', () => {
  it.each([400, 404, 405, 406, 501])('%i: it does not know what it was asked for', code => {
    const abilities = new ReadingAbilities();
    abilities.learn('StructData', code);
    expect([abilities.mayAsk('StructData'), abilities.mayAsk('TNDS')]).toEqual([false, true]);
  });

  it.each([200, 401, 403, 413, 425, 500])('%i says nothing against it', code => {
    const abilities = new ReadingAbilities();
    abilities.learn('TNDS', code);
    expect(abilities.mayAsk('TNDS')).toBe(true);
  });

  it('what was answered once is never taken for unknown', () => {
    const abilities = new ReadingAbilities();
    abilities.learn('ACL', 200);
    abilities.learn('ACL', 404);
    expect(abilities.mayAsk('ACL')).toBe(true);
  });

  it('is remembered by encoding, and over launches', () => {
    const abilities = new ReadingAbilities();
    abilities.begin('xml');
    abilities.learn('TNDS', 406);
    abilities.learn('StructData', 200);
    const record = abilities.take();
    expect(abilities.take()).toBeUndefined();
    expect(record).toEqual({
      software: '',
      answered: { wbxml: [], xml: ['StructData'] },
      refused: { wbxml: [], xml: ['TNDS'] },
    });
    const again = new ReadingAbilities(JSON.parse(JSON.stringify(record)));
    expect(again.mayAsk('TNDS')).toBe(true);
    again.begin('xml');
    expect(again.mayAsk('TNDS')).toBe(false);
  });

  it('with other software everything may be asked again', () => {
    const abilities = new ReadingAbilities({ software: '1.0', refused: { wbxml: ['TNDS'] } });
    abilities.software('1.0');
    expect([abilities.mayAsk('TNDS'), abilities.take()]).toEqual([false, undefined]);
    abilities.software('1.1');
    expect([abilities.mayAsk('TNDS'), abilities.take()?.software]).toEqual([true, '1.1']);
  });
});
