/** The file a command works on, current or by its short identifier, if its access rule lets (ETSI TS 102 221 §8.4.3, §9.2). */
import type { Request } from '../card.ts';
import type { Ef } from '../file-system.ts';
import { SW } from '../status.ts';

/** @param sfi 0: the current file. */
export function fileFor({ selection: { ef: current, df } }: Request, sfi: number): Ef | number {
  const ef = sfi === 0 ? current : df.files.find((file): file is Ef => file.kind === 'ef' && file.sfi === sfi);
  return ef ?? (sfi === 0 ? SW.noEf : SW.notFound);
}

/** What stands in the way of this use; undefined: nothing. */
export function refusal({ memory, session }: Request, ef: Ef, use: 'read' | 'update'): number | undefined {
  if (!ef.active) return SW.invalidated;
  return memory.keys.allows(ef[use], session.verified) ? undefined : SW.notAllowed;
}
