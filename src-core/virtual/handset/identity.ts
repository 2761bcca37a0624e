/** Who a virtual handset is, and the tree it comes with from the factory. */
import { devDetailNode } from '../../objects/devdetail.ts';
import { devInfoNode } from '../../objects/devinfo.ts';
import { interior, leaf, type TreeNode } from '../../tree/node.ts';
import type { ModemIdentity } from '../modem/responses.ts';
import { firmwareNode } from './firmware.ts';

export interface HandsetIdentity extends ModemIdentity {
  readonly language: string;
}

export const DEFAULT_HANDSET: HandsetIdentity = {
  manufacturer: 'Device Factory, Inc.',
  model: 'SmartPhone2000',
  revision: '1.0.4',
  imei: '493005100592800',
  imsi: '240016005600000',
  language: 'en-US',
};

export function deviceIdOf(identity: HandsetIdentity): string {
  return `IMEI:${identity.imei}`;
}

export function factoryTree(identity: HandsetIdentity): TreeNode[] {
  return [
    devInfoNode({
      devId: deviceIdOf(identity),
      manufacturer: identity.manufacturer,
      model: identity.model,
      dmVersion: '1.2',
      language: identity.language,
    }),
    devDetailNode({
      deviceType: 'Smartphone',
      oem: identity.manufacturer,
      firmwareVersion: identity.revision,
      softwareVersion: '2026.11',
      hardwareVersion: 'rev C',
      largeObjects: true,
    }),
    interior('DMAcc', [], { title: 'DM accounts' }),
    firmwareNode(),
    interior('Inbox', [], { title: 'Objects to be placed by the device', type: 'urn:oma:mo:oma-dm-inbox:1.0' }),
    interior(
      'Vendor',
      [
        interior('Display', [
          leaf('Brightness', '70', { format: 'int', title: 'Percent' }),
          leaf('AutoRotate', 'true', { format: 'bool' }),
        ]),
        interior('Battery', [leaf('Level', '83', { format: 'int', title: 'Percent', acl: 'Get=*' })]),
        interior('Actions', [leaf('SelfTest', '', { title: 'Exec starts it', acl: 'Exec=*&Get=*' })]),
        leaf('WelcomeText', 'Hello from the virtual handset', { title: 'Shown when the handset starts' }),
      ],
      { acl: 'Add=*&Delete=*&Get=*&Replace=*' },
    ),
  ];
}

/** What came from the factory stays: a server cannot take away these nodes, nor what stands below the first three. */
export function isPermanent(uri: string): boolean {
  return /^\.\/(DevInfo|DevDetail|FUMO)(\/|$)/.test(uri) || uri === './DMAcc' || uri === './Inbox';
}
