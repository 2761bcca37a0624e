/** OMA-TS-DM_Protocol-V1_2_1 §8.5 and §8.6: what packages 3 and 4 must hold, in both encodings. */
import { expect } from 'vitest';
import {
  codesIn,
  DEVICE_ID,
  get,
  headerStatusIn,
  namesIn,
  resultsIn,
  SERVER_URL,
  SESSION_ID,
  statusesIn,
} from './bench.ts';
import {
  clientPackages,
  expectCmdIds,
  expectMeta,
  expectTargets,
  finals,
  inBoth,
  itemsOf,
  serverPackages,
} from './packages.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';

requirement('PRO-8.5-1', () => {
  inBoth(encoding => expect(clientPackages(encoding).package3.header.verDTD).toBe('1.2'));
});

requirement('PRO-8.5-2', () => {
  inBoth(encoding => expect(clientPackages(encoding).package3.header.verProto).toBe('DM/1.2'));
});

requirement('PRO-8.5-3', () => {
  inBoth(encoding => expect(clientPackages(encoding).package3.header.sessionId).toBe(SESSION_ID));
});

requirement('PRO-8.5-4', () => {
  inBoth(encoding => {
    const { package3, again } = clientPackages(encoding);
    expect([package3.header.msgId, again.header.msgId]).toEqual([2, 3]);
  });
});

requirement('PRO-8.5-5', () => {
  inBoth(encoding => expect(clientPackages(encoding).package3.header.target.uri).toBe(SERVER_URL));
});

requirement('PRO-8.5-6', () => {
  inBoth(encoding => expect(clientPackages(encoding).package3.header.source.uri).toBe(DEVICE_ID));
});

requirement('PRO-8.5-7', () => {
  inBoth(encoding => {
    expect(headerStatusIn(clientPackages(encoding).package3)).toMatchObject({ msgRef: 1, cmd: 'SyncHdr', code: 212 });
  });
});

requirement('PRO-8.5-8', () => {
  inBoth(encoding => expect(codesIn(clientPackages(encoding).package3)[0]).toBe('Alert 406'));
});

requirement('PRO-8.5-9', () => {
  inBoth(encoding => {
    expect(codesIn(clientPackages(encoding).package3).slice(1)).toEqual([
      'Get 200',
      'Get 200',
      'Get 404',
      'Replace 200',
    ]);
  });
});

requirement('PRO-8.5-10', () => {
  inBoth(encoding => {
    const results = resultsIn(clientPackages(encoding).package3);
    expect(results.map(({ msgRef, items }) => [msgRef, items[0]?.source?.uri])).toEqual([
      [1, './A/B'],
      [1, './A/Raw'],
    ]);
  });
});

requirement('PRO-8.5-11', () => {
  inBoth(encoding => {
    const [, raw] = resultsIn(clientPackages(encoding).package3);
    const meta = { ...raw?.meta, ...raw?.items[0]?.meta };
    expect(meta).toMatchObject({ format: encoding === 'wbxml' ? 'bin' : 'b64', type: 'image/png' });
  });
});

requirement('PRO-8.5-12', () => {
  inBoth(encoding => {
    const items = resultsIn(clientPackages(encoding).package3).flatMap(results => results.items);
    expect(items.map(({ source }) => source?.uri)).toEqual(['./A/B', './A/Raw']);
  });
});

requirement('PRO-8.5-13', () => {
  inBoth(encoding => expect(finals(encoding).client[1]).toBe(true));
});

requirement('PRO-8.6-1', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.verDTD).toBe('1.2'));
});

requirement('PRO-8.6-2', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.verProto).toBe('DM/1.2'));
});

requirement('PRO-8.6-3', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.sessionId).toBe(SESSION_ID));
});

requirement('PRO-8.6-4', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.msgId).toBe(2));
});

requirement('PRO-8.6-5', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.target.uri).toBe(DEVICE_ID));
});

requirement('PRO-8.6-6', () => {
  inBoth(encoding => expect(serverPackages(encoding).package4.header.source.uri).toBe(SERVER_URL));
});

requirement('PRO-8.6-7', () => {
  inBoth(encoding => {
    expect(headerStatusIn(serverPackages(encoding).package4)).toMatchObject({ msgRef: 2, cmd: 'SyncHdr', code: 200 });
  });
});

requirement('PRO-8.6-8', () => {
  inBoth(encoding => {
    expect(statusesIn(serverPackages(encoding).package4)).toMatchObject([{ msgRef: 2, cmd: 'Alert', code: 200 }]);
  });
});

requirement('PRO-8.6-9', () => {
  inBoth(encoding => expectCmdIds(serverPackages(encoding).package4));
});

requirement('PRO-8.6-10', () => {
  inBoth(encoding => {
    expect(itemsOf(serverPackages(encoding).package4, 'Copy').map(({ source }) => source?.uri)).toEqual(['./A/B']);
  });
});

requirement('PRO-8.6-11', () => {
  inBoth(encoding => expectTargets(serverPackages(encoding).package4));
});

requirement('PRO-8.6-12', () => {
  inBoth(encoding => expectMeta(serverPackages(encoding).package4, encoding));
});

requirement('PRO-8.6-13', () => {
  inBoth(encoding => {
    const device = new ScriptedDevice({ encoding, work: [[get('./A')], [get('./B')]] });
    device.begin();
    const more = device.send([device.headerStatus(), ...device.statusesOf()]);
    const last = device.send([device.headerStatus(), ...device.statusesOf()]);
    expect([namesIn(more), more.final, namesIn(last), last.final]).toEqual([['Get'], true, [], true]);
  });
});
