/** A card plan as the page and the command line show it: what changes in words and bytes, secrets as bullets. */
import { createHash } from 'node:crypto';
import { fromHex, toHex } from '../../base/bytes.ts';
import { Secret } from '../../base/secret.ts';
import { cpFacts, readCpDocument } from '../../bootstrap/cp-document.ts';
import { readDmBootstrap } from '../../bootstrap/dm-profile.ts';
import type { ProfileId } from '../../card/profile-kind.ts';
import type { Plan, PlannedFile } from '../../card/provision.ts';
import { AAUTH_TYPE, type AccountCredential } from '../../objects/dmacc.ts';
import type { DiffLine, PlanView } from '../views.ts';

export function planView(plan: Plan, id: string, reader: string, profile: string): PlanView {
  return {
    id,
    kind: plan.kind,
    bootstrap: plan.profile,
    gap: plan.gap,
    reader,
    iccid: plan.iccid,
    profile,
    files: plan.files.map(file => ({
      path: file.path,
      what: file.what,
      onCard: file.usedBefore,
      willBe: file.usedAfter,
      apdus: file.apdus,
      change: file.create !== undefined ? 'create' : file.before === file.after ? 'unchanged' : 'change',
      ...(file.access && { access: file.access }),
    })),
    key: plan.key.name,
    hindrances: plan.hindrances,
    diff: plan.files.filter(file => file.before !== file.after).flatMap(file => diffOf(file, plan.profile)),
    ...(plan.admTriesLeft !== null && { admTriesLeft: plan.admTriesLeft }),
    apdusToWrite: plan.apdusToWrite,
    apdusToVerify: plan.apdusToVerify,
    estimate: plan.estimate,
  };
}

/** One fact of a file's content. A secret is compared and never shown. */
interface Fact {
  readonly text: string;
  readonly secret?: Secret;
}

function diffOf(file: PlannedFile, profile: ProfileId): DiffLine[] {
  const before = fromHex(file.before).slice(0, file.usedBefore);
  const after = fromHex(file.after).slice(0, file.usedAfter);
  const factsOf = file.role === 'bootstrap' || file.role === 'left' ? FACTS[profile] : hexFacts;
  const [old, fresh] = [factsOf(before), factsOf(after)];
  const title = `${file.what} ${file.path} · ${before.length} → ${after.length} bytes`;
  return [
    { kind: 'note', text: title },
    ...old
      .filter(fact => !fresh.some(other => sameFact(fact, other)))
      .map(({ text }): DiffLine => ({ kind: 'old', text })),
    ...fresh.map(
      (fact): DiffLine => ({ kind: old.some(other => sameFact(fact, other)) ? 'same' : 'new', text: fact.text }),
    ),
  ];
}

function sameFact(a: Fact, b: Fact): boolean {
  return (
    a.text === b.text &&
    (a.secret === undefined || b.secret === undefined ? a.secret === b.secret : a.secret.equals(b.secret))
  );
}

/** Lines of 32 bytes: all of them, directory files are short. */
function hexFacts(bytes: Uint8Array): Fact[] {
  return (toHex(bytes).match(/.{1,64}/g) ?? []).map(line => ({ text: line.replace(/.{8}(?=.)/g, '$& ') }));
}

/** What is in a bootstrap document, line by line, secrets as bullets. */
export function bootstrapFacts(bytes: Uint8Array, profile: ProfileId = 'dm'): string[] {
  return FACTS[profile](bytes).map(({ text }) => text);
}

const FACTS: Readonly<Record<ProfileId, (bytes: Uint8Array) => Fact[]>> = {
  dm: bytes => documentFacts(bytes, accountFacts),
  cp: bytes => documentFacts(bytes, provisioningFacts),
};

function documentFacts(bytes: Uint8Array, read: (bytes: Uint8Array) => Fact[]): Fact[] {
  if (bytes.length === 0) return [];
  try {
    return read(bytes);
  } catch {
    // Perhaps a bootstrap that was written half: its secrets are in it.
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    return [{ text: `${bytes.length} bytes that cannot be read as a bootstrap, SHA-256 ${hash}…` }];
  }
}

function accountFacts(bytes: Uint8Array): Fact[] {
  return readDmBootstrap(bytes).accounts.flatMap(account => [
    { text: `ServerID ${account.serverId}` },
    { text: `AppAddr ${account.serverUrl}` },
    ...credentialFacts('CLCRED', account.client),
    ...credentialFacts('SRVCRED', account.server),
  ]);
}

function provisioningFacts(bytes: Uint8Array): Fact[] {
  return cpFacts(readCpDocument(bytes)).map(({ name, value, secret }) =>
    secret ? { text: `${name} •••`, secret: Secret.ofText(value) } : { text: `${name} ${value}`.trimEnd() },
  );
}

function credentialFacts(level: string, { scheme, name, secret, nonce }: AccountCredential): Fact[] {
  return [
    { text: `${level}  AAuthType ${AAUTH_TYPE[scheme]}  AAuthName ${name}` },
    { text: `${level}  AAuthSecret ${secret}`, secret },
    { text: `${level}  AAuthData (nonce) •••`, secret: Secret.ofBytes(nonce) },
  ];
}
