/** Which profile is planned: one of the core's, or a client provisioning document from a file, kept for the next card. */
import { useState } from 'react';
import type { PlanView, ProfileView } from '../../../src-core/workbench/views.ts';
import { type Action, useAction } from '../../api/use-action.ts';
import { toBase64 } from '../devices/node/bytes.ts';

/** What the choice offers beside the core's profiles: another file, and the one of before. */
export const ANOTHER_FILE = 'file:another';
const THIS_FILE = 'file:this';

interface CpFile {
  readonly name: string;
  readonly base64: string;
}

export interface ProfileChoice {
  readonly chosen: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly choose: (value: string) => void;
  /** Plans what is chosen. */
  readonly plan: Action<[], PlanView>;
  readonly planFile: Action<[file: File], PlanView>;
}

export function useProfile(reader: string, profiles: readonly ProfileView[]): ProfileChoice {
  const [choice, choose] = useState<string>();
  const [cp, setCp] = useState<CpFile>();
  const chosen = choice ?? profiles[0]?.id;
  const plan = useAction(async api => {
    if (chosen === THIS_FILE && cp) return api.cards.planCp.mutate({ reader, ...cp });
    return api.cards.plan.mutate({ reader, profileId: chosen ?? '' });
  });
  const planFile = useAction(async (api, file: File) => {
    const read = await readCpFile(file);
    const made = await api.cards.planCp.mutate({ reader, ...read });
    setCp(read);
    choose(THIS_FILE);
    return made;
  });
  const options = [
    ...profiles.map(({ id, name }) => ({ value: id, label: name })),
    ...(cp ? [{ value: THIS_FILE, label: `CP profile ${cp.name}` }] : []),
    { value: ANOTHER_FILE, label: cp ? 'CP profile from another file…' : 'CP profile from a file…' },
  ];
  return { chosen, options, choose, plan, planFile };
}

/** No card has a file as large. */
const MOST_BYTES = 65_535;
const MOST_NAME = 200;

/** @throws Error with words for a person. */
async function readCpFile(file: File): Promise<CpFile> {
  if (file.size > MOST_BYTES) throw new Error(`${file.name} has ${file.size} bytes: no card has a file as large`);
  return { name: file.name.slice(0, MOST_NAME), base64: toBase64(new Uint8Array(await file.arrayBuffer())) };
}
