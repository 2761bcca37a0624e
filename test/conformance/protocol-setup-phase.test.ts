/** OMA-TS-DM_Protocol-V1_2_1 §8.3 and §8.4: what packages 1 and 2 must hold, in both encodings. */
import { expect } from 'vitest';
import { commandsIn, DEVICE_ID, headerStatusIn, namesIn, SERVER_URL, SESSION_ID, statusesIn } from './bench.ts';
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
import { ScriptedServer } from './scripted-server.ts';

requirement('PRO-8.3-1', () => {
  inBoth(encoding => {
    expect(
      itemsOf(clientPackages(encoding).package1, 'Replace').map(({ source, data }) => [source?.uri, data]),
    ).toEqual([
      ['./DevInfo/DevId', DEVICE_ID],
      ['./DevInfo/Man', 'Factory'],
    ]);
  });
});

requirement('PRO-8.3-2', () => {
  inBoth(encoding => expect(clientPackages(encoding).package1.header.verDTD).toBe('1.2'));
});

requirement('PRO-8.3-3', () => {
  inBoth(encoding => expect(clientPackages(encoding).package1.header.verProto).toBe('DM/1.2'));
});

requirement('PRO-8.3-4', () => {
  inBoth(encoding => expect(clientPackages(encoding).package1.header.sessionId).toBe(SESSION_ID));
});

requirement('PRO-8.3-5', () => {
  const server = new ScriptedServer({ sessionId: '7F', serverInitiated: true });
  const message = server.start();
  expect([message.header.sessionId, namesIn(message)[0]]).toEqual(['7F', 'Alert 1200']);
});

requirement('PRO-8.3-6', () => {
  inBoth(encoding => {
    const { package1, package3, again } = clientPackages(encoding);
    expect([package1, package3, again].map(({ header }) => header.sessionId)).toEqual([
      SESSION_ID,
      SESSION_ID,
      SESSION_ID,
    ]);
  });
});

requirement('PRO-8.3-7', () => {
  inBoth(encoding => {
    const { package2, package4 } = serverPackages(encoding);
    expect([package2, package4].map(({ header }) => header.sessionId)).toEqual([SESSION_ID, SESSION_ID]);
  });
});

requirement('PRO-8.3-8', () => {
  inBoth(encoding => {
    const { package1, package3, again } = clientPackages(encoding);
    expect([package1, package3, again].map(({ header }) => header.msgId)).toEqual([1, 2, 3]);
  });
});

requirement('PRO-8.3-9', () => {
  inBoth(encoding => expect(clientPackages(encoding).package1.header.target.uri).toBe(SERVER_URL));
});

requirement('PRO-8.3-10', () => {
  inBoth(encoding => expect(clientPackages(encoding).package1.header.source.uri).toBe(DEVICE_ID));
});

requirement('PRO-8.3-11', () => {
  const begun = (serverInitiated: boolean) => namesIn(new ScriptedServer({ serverInitiated }).start());
  expect([begun(false), begun(true)]).toEqual([
    ['Alert 1201', 'Replace'],
    ['Alert 1200', 'Replace'],
  ]);
});

requirement('PRO-8.3-12', () => {
  inBoth(encoding => {
    const { package1 } = clientPackages(encoding);
    expectCmdIds({ ...package1, commands: package1.commands.filter(({ kind }) => kind === 'Alert') });
  });
});

requirement('PRO-8.3-13', () => {
  inBoth(encoding =>
    expect(commandsIn(clientPackages(encoding).package1).map(({ kind }) => kind)).toEqual(['Alert', 'Replace']),
  );
});

requirement('PRO-8.3-14', () => {
  inBoth(encoding => expectCmdIds(clientPackages(encoding).package1));
});

requirement('PRO-8.3-15', () => {
  inBoth(encoding => {
    const uris = itemsOf(clientPackages(encoding).package1, 'Replace').map(({ source }) => source?.uri);
    expect(uris).toEqual(['./DevInfo/DevId', './DevInfo/Man']);
  });
});

requirement('PRO-8.3-16', () => {
  inBoth(encoding => expect(finals(encoding).client[0]).toBe(true));
});

requirement('PRO-8.4-1', () => {
  inBoth(encoding => expect(serverPackages(encoding).package2.header.verDTD).toBe('1.2'));
});

requirement('PRO-8.4-2', () => {
  inBoth(encoding => expect(serverPackages(encoding).package2.header.verProto).toBe('DM/1.2'));
});

requirement('PRO-8.4-3', () => {
  const device = new ScriptedDevice();
  expect(device.begin([], { header: { sessionId: 'A7' } }).header.sessionId).toBe('A7');
});

requirement('PRO-8.4-4', () => {
  inBoth(encoding => {
    const { package2, package4 } = serverPackages(encoding);
    expect([package2.header.msgId, package4.header.msgId]).toEqual([1, 2]);
  });
});

requirement('PRO-8.4-5', () => {
  inBoth(encoding => expect(serverPackages(encoding).package2.header.target.uri).toBe(DEVICE_ID));
});

requirement('PRO-8.4-6', () => {
  inBoth(encoding => expect(serverPackages(encoding).package2.header.source.uri).toBe(SERVER_URL));
});

requirement('PRO-8.4-7', () => {
  inBoth(encoding => {
    expect(headerStatusIn(serverPackages(encoding).package2)).toMatchObject({ msgRef: 1, cmd: 'SyncHdr', code: 212 });
  });
});

requirement('PRO-8.4-8', () => {
  inBoth(encoding => {
    const statuses = statusesIn(serverPackages(encoding).package2).filter(({ cmd }) => cmd === 'Alert');
    expect(statuses.map(({ msgRef, cmdRef, code }) => [msgRef, cmdRef, code])).toEqual([
      [1, '1', 200],
      [1, '3', 200],
    ]);
  });
});

requirement('PRO-8.4-9', () => {
  inBoth(encoding => expectCmdIds(serverPackages(encoding).package2));
});

requirement('PRO-8.4-10', () => {
  inBoth(encoding => {
    expect(itemsOf(serverPackages(encoding).package2, 'Copy').map(({ source }) => source?.uri)).toEqual(['./A/B']);
  });
});

requirement('PRO-8.4-11', () => {
  inBoth(encoding => expectTargets(serverPackages(encoding).package2));
});

requirement('PRO-8.4-12', () => {
  inBoth(encoding => expectMeta(serverPackages(encoding).package2, encoding));
});

requirement('PRO-8.4-13', () => {
  inBoth(encoding => {
    const { server } = finals(encoding);
    expect(server.length).toBeGreaterThan(1);
    expect(server).toEqual(server.map((_, i) => i === server.length - 1));
  });
});
