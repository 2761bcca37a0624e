/** What SELECT and STATUS tell of a file in class 00: its FCP (ETSI TS 102 221 §11.1.1.3). */
import { readTlvs, writeTlv } from '../../encoding/ber-tlv.ts';
import { encodeFcp, type Fcp, OPERATIONAL } from '../../encoding/fcp.ts';
import type { CardMemory } from './card.ts';
import type { CardFile, Ef } from './file-system.ts';
import { ADM1, PIN1 } from './keys.ts';
import { securityOf } from './rules.ts';

const TAG = { template: 0x62, shortIdentifier: 0x88, proprietary: 0xa5, pinStatus: 0xc6 };
/** Life cycle status: operational, deactivated (§11.1.1.4.9). */
export const DEACTIVATED = 0x04;

export function fcpOf(file: CardFile, memory: CardMemory): Uint8Array {
  const security = securityOf(file, memory.habits.rules, memory.mf);
  if (file.kind === 'df') {
    const fcp: Fcp = { structure: 'df', fid: file.fid, ...(file.aid && { aid: file.aid }), ...security };
    return withMore(encodeFcp(fcp), ...directoryObjects(memory));
  }
  return withMore(encodeFcp({ ...elementary(file), ...security }), shortIdentifierObject(file.sfi));
}

function elementary({ fid, structure, content, recordLength, active }: Ef): Fcp {
  const common: Fcp = { structure, fid, size: content.length, lifeCycle: active ? OPERATIONAL : DEACTIVATED };
  return recordLength === undefined ? common : { ...common, recordLength, recordCount: content.length / recordLength };
}

/** The five high bits; without one the object is empty (§11.1.1.4.8). */
function shortIdentifierObject(sfi: number | undefined): Uint8Array {
  return writeTlv(TAG.shortIdentifier, sfi === undefined ? new Uint8Array() : Uint8Array.of(sfi << 3));
}

/** UICC characteristics and available memory (§11.1.1.4.6); PIN status: which keys are enabled (§9.5.2). */
function directoryObjects({ keys, free }: CardMemory): Uint8Array[] {
  const enabled = keys.of(PIN1)?.enabled ? 0xc0 : 0x40;
  const reference = (key: number) => writeTlv(0x83, Uint8Array.of(key));
  const room = Uint8Array.of(free >>> 24, (free >>> 16) & 0xff, (free >>> 8) & 0xff, free & 0xff);
  return [
    writeTlv(TAG.proprietary, writeTlv(0x80, Uint8Array.of(0x71)), writeTlv(0x83, room)),
    writeTlv(TAG.pinStatus, writeTlv(0x90, Uint8Array.of(enabled)), reference(PIN1), reference(ADM1)),
  ];
}

function withMore(fcp: Uint8Array, ...objects: Uint8Array[]): Uint8Array {
  const [template] = readTlvs(fcp);
  return writeTlv(TAG.template, template?.value ?? new Uint8Array(), ...objects);
}
