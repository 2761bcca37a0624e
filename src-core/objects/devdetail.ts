/** DevDetail: versions and limits of a device (OMA-TS-DM_StdObj-V1_2_1 §5.3.3). */
import { interior, leaf, type TreeNode } from '../tree/node.ts';
import type { UriLimits } from '../tree/uri.ts';

export interface DevDetail {
  readonly deviceType: string;
  readonly oem: string;
  readonly firmwareVersion: string;
  readonly softwareVersion: string;
  readonly hardwareVersion: string;
  readonly largeObjects: boolean;
  /** The same that the management tree keeps to (`TreeOptions.limits`). */
  readonly limits?: UriLimits;
}

export const DEFAULT_URI_LIMITS: UriLimits = { maxDepth: 0, maxTotalLength: 255, maxSegmentLength: 32 };

export function devDetailNode(detail: DevDetail): TreeNode {
  const { maxDepth, maxTotalLength, maxSegmentLength } = detail.limits ?? DEFAULT_URI_LIMITS;
  return interior(
    'DevDetail',
    [
      leaf('DevTyp', detail.deviceType),
      leaf('OEM', detail.oem),
      leaf('FwV', detail.firmwareVersion),
      leaf('SwV', detail.softwareVersion),
      leaf('HwV', detail.hardwareVersion),
      leaf('LrgObj', String(detail.largeObjects), { format: 'bool' }),
      interior('URI', [
        leaf('MaxDepth', String(maxDepth)),
        leaf('MaxTotLen', String(maxTotalLength)),
        leaf('MaxSegLen', String(maxSegmentLength)),
      ]),
    ],
    { type: 'urn:oma:mo:oma-dm-devdetail:1.0', acl: 'Get=*' },
  );
}
