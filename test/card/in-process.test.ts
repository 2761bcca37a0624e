import { describe, expect, it } from 'vitest';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { waitForReader } from '../../src-core/card/reader.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { readerContract } from './reader-contract.ts';

const READER = 'Built-in virtual reader';

describe('in-process readers', () => {
  readerContract(async () => {
    const service = createInProcessReaders([READER]);
    return {
      service,
      reader: READER,
      insert: async card => service.insert(READER, card),
      remove: async () => service.remove(READER),
      release: async () => undefined,
    };
  });

  it('has a new reader with its first card', async () => {
    const service = createInProcessReaders();
    expect(await service.readers()).toEqual([]);
    service.insert('Second', createUicc());
    expect(await service.readers()).toMatchObject([{ name: 'Second', state: 'present' }]);
  });

  it('gives up waiting in time', async () => {
    const waiting = waitForReader(createInProcessReaders([READER]), READER, reader => reader.state === 'present', 20);
    await expect(waiting).rejects.toMatchObject({ code: 'reader-timeout' });
  });
});
