/** DevDetail: versions and limits of a device (OMA-TS-DM_StdObj-V1_2_1 §5.3.3). */
import { interior, leaf, type TreeNode } from '../tree/node.ts';

export interface DevDetail {
  readonly deviceType: string;
  readonly oem: string;
  readonly firmwareVersion: string;
  readonly softwareVersion: string;
  readonly hardwareVersion: string;
  readonly largeObjects: boolean;
}

export function devDetailNode(detail: DevDetail): TreeNode {
  const readOnly = { acl: 'Get=*' };
  return interior(
    'DevDetail',
    [
      leaf('DevTyp', detail.deviceType),
      leaf('OEM', detail.oem),
      leaf('FwV', detail.firmwareVersion),
      leaf('SwV', detail.softwareVersion),
      leaf('HwV', detail.hardwareVersion),
      leaf('LrgObj', String(detail.largeObjects), { format: 'bool' }),
      interior('URI', [leaf('MaxDepth', '0'), leaf('MaxTotLen', '255'), leaf('MaxSegLen', '32')]),
    ],
    { type: 'urn:oma:mo:oma-dm-devdetail:1.0', ...readOnly },
  );
}
