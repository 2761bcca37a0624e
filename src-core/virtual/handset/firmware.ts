/**
 * The firmware of a virtual handset: a FUMO object that downloads and updates when Exec says so (OMA-TS-DM-FUMO-V1_0 §6).
 * An operation is accepted with 202, ends between two sessions, and the next one begins with the generic alert of its end.
 */
import { FUMO_STATE, FUMO_TYPE, type FumoOperation, fumoAlertTypeOf, fumoResult } from '../../objects/fumo.ts';
import type { AlertDraft } from '../../session/alert-form.ts';
import { AlertCode } from '../../syncml/codes.ts';
import type { ManagementTree } from '../../tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../tree/node.ts';

const OBJECT = './FUMO';
const FIRMWARE_VERSION = './DevDetail/FwV';
const ACCEPTED = 202;
const NOT_NOW = 405;
const BAD_ADDRESS = 411;
const SUCCESS = 200;

/** The result code with which an operation ends; `url` is where the package comes from, if from somewhere. */
export type FirmwareScript = (operation: FumoOperation, url: string | undefined) => number;

interface Pending {
  readonly operation: FumoOperation;
  readonly correlator: string | undefined;
}

export function firmwareNode(): TreeNode {
  const operation = (name: FumoOperation, children: readonly TreeNode[]) =>
    interior(name, children, { acl: 'Exec=*&Get=*', title: 'Exec starts it' });
  const address = () => leaf('PkgURL', '', { acl: 'Get=*&Replace=*' });
  return interior(
    'FUMO',
    [
      leaf('PkgName', ''),
      leaf('PkgVersion', ''),
      operation('Download', [address()]),
      operation('Update', [leaf('PkgData', '', { format: 'bin', type: 'application/octet-stream', acl: 'Replace=*' })]),
      operation('DownloadAndUpdate', [address()]),
      leaf('State', String(FUMO_STATE.IDLE), { format: 'int' }),
    ],
    { type: FUMO_TYPE, title: 'Firmware of the handset', acl: 'Get=*' },
  );
}

export class Firmware {
  readonly #tree: ManagementTree;
  readonly #script: FirmwareScript;
  #pending: Pending | undefined;

  constructor(tree: ManagementTree, script: FirmwareScript = takesEveryAddress) {
    this.#tree = tree;
    this.#script = script;
  }

  /** An operation goes on after the session. */
  get busy(): boolean {
    return this.#pending !== undefined;
  }

  /** The status of an Exec; undefined where it is not for the firmware. */
  execute(uri: string, correlator: string | undefined): { readonly code: number } | undefined {
    const operation = operationOf(uri);
    if (!operation) return undefined;
    if (this.#pending || (operation === 'Update' && !this.#hasPackage())) return { code: NOT_NOW };
    this.#pending = { operation, correlator };
    this.#set('State', String(operation === 'Update' ? FUMO_STATE.UPDATING : FUMO_STATE.DOWNLOADING));
    return { code: ACCEPTED };
  }

  /** Brings what is under way to its end; the alert that tells of it. */
  finish(): AlertDraft | undefined {
    if (!this.#pending) return undefined;
    const { operation, correlator } = this.#pending;
    this.#pending = undefined;
    const url = operation === 'Update' ? undefined : this.#value(`${operation}/PkgURL`);
    const code = this.#script(operation, url);
    const ok = fumoResult(String(code))?.ok === true;
    if (ok && url !== undefined) this.#namePackage(url);
    if (ok && operation !== 'Download') this.#install();
    this.#set('State', String(stateAfter(operation, code, ok)));
    return {
      kind: 'Alert',
      code: AlertCode.GENERIC,
      ...(correlator !== undefined && { correlator }),
      items: [
        {
          source: { uri: OBJECT },
          meta: { type: fumoAlertTypeOf(operation), format: 'int', mark: ok ? 'informational' : 'critical' },
          data: String(code),
        },
      ],
    };
  }

  /** A server may send the package itself into Update/PkgData (§6.2.1). */
  #hasPackage(): boolean {
    const state = Number(this.#value('State'));
    const kept: readonly number[] = [
      FUMO_STATE.READY,
      FUMO_STATE.UPDATE_FAILED_WITH_DATA,
      FUMO_STATE.UPDATED_WITH_DATA,
    ];
    return kept.includes(state) || this.#value('Update/PkgData') !== '';
  }

  /** `…/fw-1.0.5.bin` is the package fw-1.0.5.bin of version 1.0.5. */
  #namePackage(url: string): void {
    const name = new URL(url).pathname.split('/').at(-1) ?? '';
    this.#set('PkgName', name);
    this.#set('PkgVersion', /\d+(?:\.\d+)+/.exec(name)?.[0] ?? '');
  }

  #install(): void {
    const version = this.#value('PkgVersion');
    if (version !== '') this.#tree.replace(FIRMWARE_VERSION, version, 'device');
    this.#set('Update/PkgData', '');
  }

  #value(path: string): string {
    return this.#tree.get(`${OBJECT}/${path}`, 'device').value ?? '';
  }

  #set(path: string, value: string): void {
    this.#tree.replace(`${OBJECT}/${path}`, value, 'device');
  }
}

function operationOf(uri: string): FumoOperation | undefined {
  switch (uri) {
    case `${OBJECT}/Download`:
      return 'Download';
    case `${OBJECT}/Update`:
      return 'Update';
    case `${OBJECT}/DownloadAndUpdate`:
      return 'DownloadAndUpdate';
    default:
      return undefined;
  }
}

function stateAfter(operation: FumoOperation, code: number, ok: boolean): number {
  if (ok) return operation === 'Download' ? FUMO_STATE.READY : FUMO_STATE.UPDATED;
  if (operation === 'Update') return FUMO_STATE.UPDATE_FAILED_WITH_DATA;
  return operation === 'DownloadAndUpdate' && FAILED_UPDATES.has(code)
    ? FUMO_STATE.UPDATE_FAILED
    : FUMO_STATE.DOWNLOAD_FAILED;
}

/** Results of an update, not of the download before it (§6.2.4). */
const FAILED_UPDATES: ReadonlySet<number> = new Set([402, 403, 404, 410, 500, 502]);

/** Nothing is fetched: an address that can be one is enough. */
function takesEveryAddress(_operation: FumoOperation, url: string | undefined): number {
  return url === undefined || (/^https?:\/\/./.test(url) && URL.canParse(url)) ? SUCCESS : BAD_ADDRESS;
}
