/** Alerts of the session, and what a server answers to a device's Alert (OMA-TS-DM_Protocol-V1_2_1 §8.7, OMA-TS-DM_RepPro-V1_2_1 §6.6.2 and §7). */
import { AlertCode } from '../syncml/codes.ts';
import type { Alert, Command, Draft } from '../syncml/message.ts';
import { NODE_FORMATS } from '../tree/node.ts';

/** Alerts that steer the session itself; nobody's work. */
export function isSessionAlert(command: Command | Draft): boolean {
  return command.kind === 'Alert' && SESSION_ALERTS.has(command.code);
}

const SESSION_ALERTS: ReadonlySet<number> = new Set([
  AlertCode.NEXT_MESSAGE,
  AlertCode.SESSION_ABORT,
  AlertCode.NO_END_OF_DATA,
]);

/** @param understood types of client events and generic alerts; absent: all */
export function alertStatus(alert: Alert, understood: (type: string) => boolean = () => true): number {
  switch (alert.code) {
    case AlertCode.SERVER_INITIATED:
    case AlertCode.CLIENT_INITIATED:
    case AlertCode.NEXT_MESSAGE:
    case AlertCode.SESSION_ABORT:
    case AlertCode.NO_END_OF_DATA:
      return 200;
    case AlertCode.CLIENT_EVENT:
      return clientEventStatus(alert, understood);
    case AlertCode.GENERIC:
      return genericAlertStatus(alert, understood);
    default:
      // User interaction comes from servers only; other codes are not DM's.
      return 406;
  }
}

/** Type and Format are asked for, and missing ones are borne (RepPro §6.6.2, docs/interop.md). */
function clientEventStatus({ items }: Alert, understood: (type: string) => boolean): number {
  if (items.length === 0 || items.some(item => item.data === undefined)) return 412;
  return items.every(({ meta }) => meta?.type === undefined || understood(meta.type)) ? 200 : 406;
}

/** Each Item names Type and Format of its Data (§8.7.1). */
function genericAlertStatus({ items }: Alert, understood: (type: string) => boolean): number {
  if (items.length === 0) return 412;
  for (const { meta, data } of items) {
    if (!meta?.type || !meta.format || data === undefined) return 412;
    if (!NODE_FORMATS.some(format => format === meta.format) || !understood(meta.type)) return 415;
  }
  return 200;
}
