/** DevInfo: what a device says of itself in package 1 (OMA-TS-DM_StdObj-V1_2_1 §5.3.2). */
import { interior, leaf, type TreeNode } from '../tree/node.ts';

export interface DevInfo {
  /** Globally unique, for example `IMEI:493005100592800`. */
  readonly devId: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly dmVersion: string;
  /** RFC 1766 language tag. */
  readonly language: string;
}

export function devInfoNode(info: DevInfo): TreeNode {
  return interior(
    'DevInfo',
    [
      leaf('DevId', info.devId),
      leaf('Man', info.manufacturer),
      leaf('Mod', info.model),
      leaf('DmV', info.dmVersion),
      leaf('Lang', info.language),
    ],
    { type: 'urn:oma:mo:oma-dm-devinfo:1.0', acl: 'Get=*' },
  );
}
