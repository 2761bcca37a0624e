/** A plan put together: the files, what hinders, the commands in order, what it all costs. */
import { toHex } from '../base/bytes.ts';
import { keyName } from '../encoding/access-rules.ts';
import { partOf } from '../encoding/pkcs15.ts';
import { conditionWords } from './access.ts';
import { blanking, type ContentUpdate } from './byte-updates.ts';
import { withDocument } from './content.ts';
import { estimate, readsOf } from './estimate.ts';
import { withoutPadding } from './handset-view.ts';
import { type Place, updateLock } from './place.ts';
import type { Hindrance, Plan, PlannedFile, PlannedRole, PlannedUpdate } from './planned.ts';
import { withdrawn } from './pointers.ts';
import type { ProfileKind } from './profile-kind.ts';
import { type CardSurvey, rulesOf } from './survey.ts';
import { type BootstrapFiles, orderUpdates } from './updates.ts';

/** A handset reads what the planner reads, and opens a channel, selects the application and closes the channel. */
const HANDSET_COMMANDS = 3;

/** @param former files that held a bootstrap: what the key does not open stays as it is. */
export async function planOf(
  kind: Plan['kind'],
  survey: CardSurvey,
  places: Readonly<Record<keyof BootstrapFiles, Place>>,
  target: BootstrapFiles,
  former: readonly Place[],
): Promise<Plan> {
  const { iccid, layout, content, key, admTriesLeft, apdus } = survey;
  const { base } = layout;
  const current = { bootstrap: places.bootstrap.current, dodf: places.dodf.current, odf: places.odf.current };
  const { path } = places.bootstrap;
  const { updates, gap } = orderUpdates({ kind: layout.kind, base, path, current, target });
  const files: PlannedFile[] = [];
  const hindrances: Hindrance[] = [];
  for (const role of ['bootstrap', 'dodf', 'odf'] as const) {
    const count = updates.filter(update => update.role === role).length;
    const file = await plannedFile(survey, role, places[role], target[role], count);
    files.push(file);
    const reason = count > 0 && !file.create ? await updateLock(survey, places[role].fcp) : undefined;
    if (reason) hindrances.push({ path: file.path, what: file.what, reason, blocks: true });
  }
  const blanked: PlannedUpdate[] = [];
  for (const place of former) {
    const reason = await updateLock(survey, place.fcp);
    if (reason !== undefined) {
      hindrances.push(remains(survey, place.path, reason));
      continue;
    }
    const blank = withDocument(place.current, place.part, new Uint8Array());
    const own = blanking(place.current, blank);
    files.push(await plannedFile(survey, 'left', place, blank, own.length));
    blanked.push(...own.map(update => plannedUpdate(place.path, update)));
  }
  // A verification reads what the plan leaves behind instead of what it found.
  const contents = files.filter(({ role }) => role === 'bootstrap' || role === 'left');
  const reads = contents.reduce((sum, { size }) => sum + readsOf(size), 0) - readsOf(content?.length ?? 0);
  const apdusToVerify = apdus + reads + HANDSET_COMMANDS;
  const found = layout.provisioned && content ? withoutPadding(partOf(content, layout.bootstrapPart)) : undefined;
  return {
    kind,
    profile: layout.kind.id,
    iccid,
    base,
    key: { reference: key, name: keyName(key) },
    hindrances,
    admTriesLeft,
    files,
    withdrawnDodf: toHex(withdrawn(current.dodf, layout.kind)),
    ...(found && { found: toHex(found) }),
    updates: [...updates.map(({ role, ...update }) => plannedUpdate(places[role].path, update)), ...blanked],
    gap: gap && found !== undefined && found.length > 0,
    apdusToWrite: files.reduce((sum, file) => sum + file.apdus, 0),
    apdusToVerify,
    estimate: estimate({ atr: survey.channel.connection.atr, found: found !== undefined, files, apdusToVerify }),
  };
}

async function plannedFile(
  survey: CardSurvey,
  role: PlannedRole,
  { path, part, current, create, fcp }: Place,
  after: Uint8Array,
  updates: number,
): Promise<PlannedFile> {
  const rules = await rulesOf(survey, fcp);
  return {
    role,
    path,
    what: nameOf(role, survey.layout.kind),
    size: after.length,
    before: toHex(current),
    after: toHex(after),
    ...(create !== undefined && { create }),
    usedBefore: withoutPadding(partOf(current, part)).length,
    usedAfter: withoutPadding(partOf(after, part)).length,
    apdus: updates + (create === undefined ? 0 : 1),
    ...(rules && { access: { read: conditionWords(rules, 'READ'), update: conditionWords(rules, 'UPDATE') } }),
  };
}

function nameOf(role: PlannedRole, { file }: ProfileKind): string {
  return { bootstrap: file, dodf: 'EF(DODF)', odf: 'EF(ODF)', left: `${file}, the former one` }[role];
}

/** What nobody is led to any more, and the key does not open. */
export function remains({ layout }: CardSurvey, path: string, lock: string): Hindrance {
  const reason = `what it holds stays there: ${lock}`;
  return { path, what: nameOf('left', layout.kind), reason, blocks: false };
}

function plannedUpdate(path: string, { offset, data }: ContentUpdate): PlannedUpdate {
  return { path, offset, data: toHex(data) };
}
