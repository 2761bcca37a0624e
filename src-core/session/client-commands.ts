/** What a DM client does with the commands of a server (OMA-TS-DM_RepPro-V1_2_1 §6.6): the words in which it tells. */
import type { Encoding } from '../syncml/codec.ts';
import type { Command, Item } from '../syncml/message.ts';
import type { Actor, ManagementTree } from '../tree/management-tree.ts';

export { execute } from './commands/execute.ts';

export interface ExecutionContext {
  readonly tree: ManagementTree;
  readonly actor: Actor;
  /** Runs what an Exec names; absent: this device has no Exec, 406 (RepPro §6.6.6). */
  readonly exec?: (uri: string, item: Item, correlator: string | undefined) => ExecResult;
  /** False: this device has no user interaction, 406 for alerts 1100 to 1104 (Protocol §10.2). */
  readonly interactive: boolean;
  /** Whether this device takes and gives TNDS objects; without, 415 and 406. Default true. */
  readonly dmtnds?: boolean;
  /** Whether this device gives `?list=Struct` and `StructData`; without, 406 (TND §8.1). Default true. */
  readonly structLists?: boolean;
  /** Encoding of the session, in which TNDS objects are given. Default WBXML. */
  readonly encoding?: Encoding;
}

export interface ExecResult {
  readonly code: number;
  readonly items?: readonly Item[];
}

export interface Outcome {
  /** Whose Status this is. */
  readonly command: Command;
  readonly code: number;
  /** Of the item; absent where the Status is the command's as a whole. */
  readonly targetRef?: string;
  readonly sourceRef?: string;
  /** Items inside the Status: user input, chosen numbers, the node that could not be added. */
  readonly items?: readonly Item[];
  /** Items of Results, for a Get: one Results per outcome follows its Status. */
  readonly results?: readonly Item[];
}
