/** A command to a card in words, and which file it works on: followed from SELECT to SELECT, channel by channel. */
import { toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { keyName } from '../encoding/access-rules.ts';
import { type CommandApdu, channelOf, decodeCommand, GSM_CLASS, INS, instructionName } from '../encoding/apdu.ts';
import { decodeOdf, ODF_DATA_OBJECTS } from '../encoding/pkcs15.ts';

/** Identifiers of files whose content is no secret: EF.ICCID, EF.DIR, EF.ARR, EF.PL, EF(ODF), EF(TokenInfo), the usual EF(DODF). */
const OPEN_FILES: ReadonlySet<string> = new Set(['2FE2', '2F00', '2F06', '6F06', '2F05', '5031', '5032', '6430']);
const ODF = '5031';
const KEY_COMMANDS: ReadonlySet<number> = new Set([
  INS.verify,
  INS.changePin,
  INS.disablePin,
  INS.enablePin,
  INS.unblockPin,
]);

export class ApduReader {
  /** Identifier of the selected file by channel; absent after an application was selected. */
  readonly #selected = new Map<number, string>();
  readonly #open = new Set(OPEN_FILES);
  /** The command that a GET RESPONSE belongs to. */
  #last: CommandApdu | undefined;

  /** Undefined for bytes that are no command. */
  command(apdu: Uint8Array): CommandApdu | undefined {
    try {
      const command = decodeCommand(apdu);
      if (command.ins !== INS.getResponse) this.#last = command;
      return command;
    } catch (error) {
      if (error instanceof EncodingError) return undefined;
      throw error;
    }
  }

  /** `READ BINARY 6431, 256 bytes from 0`. */
  words(command: CommandApdu): string {
    const { ins, p1, p2, data = new Uint8Array(), le } = command;
    const name = instructionName(ins);
    const file = this.#selected.get(channelOf(command.cla)) ?? 'the selected file';
    const offset = ((p1 & 0x7f) << 8) | p2;
    switch (ins) {
      case INS.select:
        return `${name} ${p1 === 0x04 ? 'application ' : ''}${toHex(data)}`;
      case INS.readBinary:
        return `${name} ${file}, ${le ?? 0} bytes from ${offset}`;
      case INS.updateBinary:
        return `${name} ${file}, ${data.length} bytes at ${offset}`;
      case INS.readRecord:
      case INS.updateRecord:
        return `${name} ${p1} of ${file}`;
      case INS.manageChannel:
        return p1 === 0 ? `${name}: open` : `${name}: close ${p2}`;
      case INS.verify:
        return `${name} ${keyName(p2)}${data.length === 0 ? ': how many tries are left' : ''}`;
      default:
        return KEY_COMMANDS.has(ins) ? `${name} ${keyName(p2)}` : name;
    }
  }

  /** True where the data that goes or comes with this command may be a bootstrap, which has passwords in it. */
  isContent({ ins, cla }: CommandApdu): boolean {
    const own = ins === INS.getResponse ? this.#last?.ins : ins;
    if (own !== INS.readBinary && own !== INS.updateBinary) return false;
    return !this.#open.has(this.#selected.get(channelOf(cla)) ?? '');
  }

  /** What a command that was carried out changes. */
  done({ ins, p1, data, cla }: CommandApdu, response: Uint8Array): void {
    const channel = cla === GSM_CLASS ? 0 : channelOf(cla);
    if (ins === INS.select) {
      if (p1 === 0x04 || !data || data.length < 2) this.#selected.delete(channel);
      else this.#selected.set(channel, toHex(data.slice(-2)));
    }
    if (ins === INS.readBinary && this.#selected.get(channel) === ODF) this.#learn(response);
  }

  /** EF(ODF) says which files are EF(DODF). */
  #learn(odf: Uint8Array): void {
    try {
      for (const { value } of decodeOdf(odf)) if (value?.tag === ODF_DATA_OBJECTS) this.#open.add(value.path.slice(-4));
    } catch (error) {
      // A part of the file: what it leads to is taken for content.
      if (!(error instanceof EncodingError)) throw error;
    }
  }
}
