/** A card plan as the page and the command line show it: what changes in words and bytes, secrets as bullets. */
import { fromHex, toHex } from '../base/bytes.ts';
import { readDmBootstrap } from '../bootstrap/dm-profile.ts';
import type { Plan, PlannedFile } from '../card/provision.ts';
import type { DmAccount } from '../objects/dmacc.ts';
import type { DiffLine, PlanView } from './views.ts';

export function planView(plan: Plan, id: string, reader: string, profile: string): PlanView {
  return {
    id,
    reader,
    iccid: plan.iccid,
    profile,
    files: plan.files.map(file => ({
      path: file.path,
      what: file.what,
      onCard: file.usedBefore,
      willBe: file.usedAfter,
      apdus: file.apdus,
      change: file.before === file.after ? 'unchanged' : 'change',
    })),
    diff: plan.files.filter(file => file.before !== file.after).flatMap(diffOf),
    ...(plan.admTriesLeft !== null && { admTriesLeft: plan.admTriesLeft }),
    apdusToWrite: plan.apdusToWrite,
    apdusToVerify: plan.apdusToVerify,
  };
}

function diffOf(file: PlannedFile): DiffLine[] {
  const before = fromHex(file.before).slice(0, file.usedBefore);
  const after = fromHex(file.after).slice(0, file.usedAfter);
  const describe = file.role === 'bootstrap' ? accountLines : hexLines;
  return [
    { kind: 'note', text: `${file.what} ${file.path} · ${before.length} → ${after.length} bytes` },
    ...describe(before).map((text): DiffLine => ({ kind: 'old', text })),
    ...describe(after).map((text): DiffLine => ({ kind: 'new', text })),
  ];
}

/** Lines of 32 bytes: all of them, directory files are short. */
function hexLines(bytes: Uint8Array): string[] {
  return (toHex(bytes).match(/.{1,64}/g) ?? []).map(line => line.replace(/.{8}(?=.)/g, '$& '));
}

function accountLines(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  try {
    return readDmBootstrap(bytes).accounts.flatMap(linesOf);
  } catch {
    // Somebody else's content: its bytes are what there is to show.
    return hexLines(bytes);
  }
}

function linesOf(account: DmAccount): string[] {
  return [
    `ServerID ${account.serverId}  AppAddr ${account.serverUrl}`,
    `CLCRED  DIGEST  AAuthName ${account.client.name}  AAuthSecret ${account.client.secret}`,
    `SRVCRED  DIGEST  AAuthName ${account.server.name}  AAuthSecret ${account.server.secret}`,
  ];
}
