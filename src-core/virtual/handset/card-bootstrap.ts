/**
 * How a handset gets its DM bootstrap from the card it holds (OMA-TS-DM_Bootstrap-V1_2_1, smart card appendix): EF.DIR →
 * PKCS#15 application on a logical channel of its own → ODF → DODF → EF DM_Bootstrap.
 */
import { fromHex } from '../../base/bytes.ts';
import { CardError } from '../../base/errors.ts';
import {
  type CommandApdu,
  decodeResponse,
  describeStatusWord,
  encodeCommand,
  followUp,
  INS,
  instructionName,
  MAX_RESPONSE_DATA,
  SW_OK,
} from '../../encoding/apdu.ts';
import { decodeFcp } from '../../encoding/fcp.ts';
import {
  DM_BOOTSTRAP_OID,
  decodeApplicationTemplate,
  decodeDodf,
  decodeOdf,
  ODF_DATA_OBJECTS,
  PKCS15_AID,
  partOf,
} from '../../encoding/pkcs15.ts';

/** One APDU to the card the handset holds, its response back. */
export type Transmit = (apdu: Uint8Array) => Promise<Uint8Array>;

const RECORD_NOT_FOUND = 0x6a83;

/** The bootstrap message, or undefined where the card carries none. @throws CardError, EncodingError */
export async function readBootstrapFromCard(transmit: Transmit): Promise<Uint8Array | undefined> {
  if (!(await hasPkcs15(new Channel(transmit, 0)))) return undefined;
  const base = new Channel(transmit, 0);
  const opened = await base.send({ ins: INS.manageChannel, p1: 0x00, p2: 0x00, le: 1 });
  const channel = new Channel(transmit, opened.data[0] ?? 0);
  try {
    return await readThroughPkcs15(channel);
  } finally {
    await base.send({ ins: INS.manageChannel, p1: 0x80, p2: channel.number });
  }
}

async function hasPkcs15(channel: Channel): Promise<boolean> {
  await channel.select('3F00');
  await channel.select('2F00');
  for (let record = 1; record <= 254; record++) {
    const { data, sw } = await channel.exchange({ ins: INS.readRecord, p1: record, p2: 0x04, le: MAX_RESPONSE_DATA });
    if (sw === RECORD_NOT_FOUND) return false;
    if (sw !== SW_OK) throw refused(INS.readRecord, sw);
    if (decodeApplicationTemplate(data)?.aid === PKCS15_AID) return true;
  }
  return false;
}

async function readThroughPkcs15(channel: Channel): Promise<Uint8Array | undefined> {
  await channel.send({ ins: INS.select, p1: 0x04, p2: 0x04, data: fromHex(PKCS15_AID), le: MAX_RESPONSE_DATA });
  const dodfs = decodeOdf(await channel.readFile('5031')).filter(({ value }) => value?.tag === ODF_DATA_OBJECTS);
  for (const { value: dodf } of dodfs) {
    const objects = decodeDodf(await channel.readFile(fileOf(dodf?.path ?? '')));
    const bootstrap = objects.find(({ value }) => value?.applicationOid === DM_BOOTSTRAP_OID)?.value;
    if (bootstrap) return withoutPadding(partOf(await channel.readFile(fileOf(bootstrap.path)), bootstrap.part));
  }
  return undefined;
}

/** The files stand in the selected application: the last identifier of the path selects them. */
function fileOf(path: string): string {
  return path.slice(-4);
}

function withoutPadding(bytes: Uint8Array): Uint8Array | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  return end === 0 ? undefined : bytes.slice(0, end);
}

class Channel {
  readonly number: number;
  readonly #transmit: Transmit;

  constructor(transmit: Transmit, number: number) {
    this.#transmit = transmit;
    this.number = number;
  }

  async exchange(command: Omit<CommandApdu, 'cla'>): Promise<{ data: Uint8Array; sw: number }> {
    let sent: CommandApdu = { cla: this.number, ...command };
    let response = decodeResponse(await this.#transmit(encodeCommand(sent)));
    for (let next = followUp(sent, response.sw); next; next = followUp(sent, response.sw)) {
      sent = next;
      response = decodeResponse(await this.#transmit(encodeCommand(sent)));
    }
    return response;
  }

  async send(command: Omit<CommandApdu, 'cla'>): Promise<{ data: Uint8Array; sw: number }> {
    const response = await this.exchange(command);
    if (response.sw !== SW_OK) throw refused(command.ins, response.sw);
    return response;
  }

  /** Selects by file identifier; resolves with the file control parameters. */
  async select(fid: string): Promise<Uint8Array> {
    const { data } = await this.send({ ins: INS.select, p1: 0, p2: 0x04, data: fromHex(fid), le: MAX_RESPONSE_DATA });
    return data;
  }

  async readFile(fid: string): Promise<Uint8Array> {
    const { size = 0 } = decodeFcp(await this.select(fid));
    const bytes = new Uint8Array(size);
    for (let offset = 0; offset < size; ) {
      const le = Math.min(MAX_RESPONSE_DATA, size - offset);
      const { data } = await this.send({ ins: INS.readBinary, p1: offset >> 8, p2: offset & 0xff, le });
      if (data.length === 0) throw new CardError('short-read', `file ${fid} ends at byte ${offset} of ${size}`);
      bytes.set(data, offset);
      offset += data.length;
    }
    return bytes;
  }
}

function refused(ins: number, sw: number): CardError {
  return new CardError('refused', `the card refused ${instructionName(ins)}: ${describeStatusWord(sw)}`, {
    statusWord: sw,
  });
}
