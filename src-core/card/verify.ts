/** Verify: reads the card back as a handset does and compares with the plan byte for byte. Only this makes a card done. */
import { fromHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { type FilePart, partOf } from '../encoding/pkcs15.ts';
import { viewAsHandset } from './handset-view.ts';
import type { Plan, PlannedFile } from './planned.ts';
import { hasEntry } from './pointers.ts';
import { PROFILE_KINDS } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { readContent } from './survey.ts';
import { channelTo, fileOf } from './write.ts';

/** @throws CardError `other-card`; `verify-failed` with path and offset of the first difference. */
export async function verifyPlan(connection: CardConnection, plan: Plan): Promise<void> {
  const channel = await channelTo(connection, plan);
  const { layout, bootstrapFile } = await viewAsHandset(connection, PROFILE_KINDS[plan.profile], channel.gsm);
  compare(fileOf(plan, 'odf'), layout.odf.path, layout.odf.bytes);
  // Without its entry nothing tells which EF(DODF) it was.
  const planned = fileOf(plan, 'dodf');
  const dodf = layout.dodfs.find(({ path }) => path === planned.path) ?? layout.dodf;
  compare(planned, dodf.path, dodf.bytes);
  const { bootstrapPath, bootstrapPart } = layout;
  const leads = hasEntry(fromHex(planned.after), PROFILE_KINDS[plan.profile]);
  if (leads) compare(fileOf(plan, 'bootstrap'), bootstrapPath, bootstrapFile ?? new Uint8Array(), bootstrapPart);
  else if (bootstrapFile) throw failed(planned, 0, `a handset still finds a bootstrap in ${bootstrapPath}`);
  // Nobody is led there: what must be blank is read by its path.
  for (const file of plan.files)
    if (file.role === 'left' || (file.role === 'bootstrap' && !leads))
      compare(file, file.path, (await readContent(channel, file.path)) ?? fromHex(file.after));
}

function compare(file: PlannedFile, path: string, found: Uint8Array, part?: FilePart): void {
  const expected = partOf(fromHex(file.after), part);
  if (path !== file.path) throw failed(file, 0, `a handset is led to ${path} instead of ${file.path}`);
  const offset = expected.findIndex((byte, i) => byte !== found[i]);
  const at = (part?.index ?? 0) + offset;
  if (offset !== -1) throw failed(file, at, `${file.what} ${path} differs from the plan at offset ${at}`);
  if (found.length !== expected.length)
    throw failed(file, expected.length, `${file.what} ${path} has ${found.length} bytes, not ${expected.length}`);
}

function failed(file: PlannedFile, offset: number, message: string): CardError {
  return new CardError('verify-failed', message, {
    advice: 'Do not hand this card out: write the plan again, then verify again',
    details: { path: file.path, offset },
  });
}
