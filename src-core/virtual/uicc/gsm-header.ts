/** What SELECT and STATUS tell of a file in class A0 (3GPP TS 51.011 §9.2.1, access conditions §9.3). */
import type { CardMemory } from './card.ts';
import type { CardFile, Df, Ef } from './file-system.ts';
import { PIN1 } from './keys.ts';
import type { Access } from './profile.ts';

/** Four bits each. */
const CONDITIONS: Readonly<Record<Access, number>> = { always: 0x0, pin1: 0x1, adm1: 0x5, never: 0xf };
const STRUCTURES = { transparent: 0x00, 'linear-fixed': 0x01, cyclic: 0x03 };

export function gsmHeaderOf(file: CardFile, memory: CardMemory): Uint8Array {
  return file.kind === 'df' ? directory(file, memory) : elementary(file);
}

function elementary(file: Ef): Uint8Array {
  const { content, fid, read, update, activate, active, structure, recordLength = 0 } = file;
  const access = (CONDITIONS[read] << 4) | CONDITIONS[update];
  const life = (CONDITIONS[activate] << 4) | CONDITIONS[activate];
  const head = [0, 0, content.length >> 8, content.length & 0xff, fid >> 8, fid & 0xff, 0x04, 0x00];
  // Bit 1 of the status: not invalidated. Two more bytes follow it.
  return Uint8Array.from([
    ...head,
    access,
    0xff,
    life,
    active ? 0x01 : 0x00,
    0x02,
    STRUCTURES[structure],
    recordLength,
  ]);
}

function directory({ fid, parent, files }: Df, { keys, free }: CardMemory): Uint8Array {
  const directories = files.filter(file => file.kind === 'df').length;
  const pin = keys.of(PIN1);
  const status = (tries: number | undefined) => (tries === undefined ? 0 : 0x80 | tries);
  const space = Math.min(free, 0xffff);
  return Uint8Array.from([
    ...[0, 0, space >> 8, space & 0xff, fid >> 8, fid & 0xff, parent ? 0x02 : 0x01, 0, 0, 0, 0, 0],
    // Ten more bytes: clock may stop, CHV1 enabled or not, counts, states of CHV1 and CHV2.
    0x0a,
    pin?.enabled === false ? 0x81 : 0x01,
    directories,
    files.length - directories,
    2,
    0,
    status(pin?.tries),
    status(pin?.unblock?.tries),
    0,
    0,
    0,
  ]);
}
