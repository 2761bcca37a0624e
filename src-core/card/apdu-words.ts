/** A command to a card in words, and which file it works on: followed from SELECT to SELECT, channel by channel. */
import { toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { keyName } from '../encoding/access-rules.ts';
import { type CommandApdu, channelOf, decodeCommand, GSM_CLASS, INS, instructionName } from '../encoding/apdu.ts';
import { OpenFiles } from './open-files.ts';

/** Bit 8 of P1: the command names a file by its short identifier. */
const SHORT_IDENTIFIER = 0x80;
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
  readonly #open = new OpenFiles();
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
        return `${name} ${keyOf(command)}${data.length === 0 ? ': how many tries are left' : ''}`;
      default:
        return KEY_COMMANDS.has(ins) ? `${name} ${keyOf(command)}` : name;
    }
  }

  /** True where the data that goes or comes with this command may be a bootstrap, which has passwords in it. */
  isContent(command: CommandApdu): boolean {
    const { ins, p1, cla } = this.#asked(command);
    if (ins !== INS.readBinary && ins !== INS.updateBinary) return false;
    return (p1 & SHORT_IDENTIFIER) !== 0 || !this.#open.has(this.#selected.get(channelOf(cla)) ?? '');
  }

  /** What a command that was carried out changes. */
  done(command: CommandApdu, response: Uint8Array): void {
    const { ins, p1, p2, data, cla } = this.#asked(command);
    const channel = cla === GSM_CLASS ? 0 : channelOf(cla);
    if (ins === INS.select) {
      if (p1 === 0x04 || !data || data.length < 2) this.#selected.delete(channel);
      else this.#selected.set(channel, toHex(data.slice(-2)));
    }
    const fid = this.#selected.get(channel);
    if (ins === INS.readBinary && fid !== undefined && (p1 & SHORT_IDENTIFIER) === 0 && response.length > 0)
      this.#open.learn(fid, (p1 << 8) | p2, response);
  }

  /** The command that the data belongs to. */
  #asked(command: CommandApdu): CommandApdu {
    return command.ins === INS.getResponse && this.#last ? this.#last : command;
  }
}

/** UNBLOCK CHV of class A0 calls CHV1 00 (3GPP TS 51.011 §9.2.13). */
function keyOf({ cla, ins, p2 }: CommandApdu): string {
  return keyName(cla === GSM_CLASS && ins === INS.unblockPin && p2 === 0 ? 0x01 : p2);
}
