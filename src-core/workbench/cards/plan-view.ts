/** A card plan as the page and the command line show it: what changes in words and bytes, secrets as bullets. */
import { createHash } from 'node:crypto';
import { bytesEqual, fromHex, toHex } from '../../base/bytes.ts';
import { Secret } from '../../base/secret.ts';
import { cpFacts, readCpDocument } from '../../bootstrap/cp-document.ts';
import { readDmBootstrap } from '../../bootstrap/dm-profile.ts';
import { objectFor } from '../../card/layout.ts';
import { PROFILE_KINDS, type ProfileId } from '../../card/profile-kind.ts';
import type { Plan, PlannedFile } from '../../card/provision.ts';
import { partOf } from '../../encoding/pkcs15.ts';
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
    diff: plan.files.filter(file => file.before !== file.after).flatMap(file => diffOf(file, plan)),
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

/** A new document is compared with the one that a handset finds now, in whichever file that is. */
function diffOf(file: PlannedFile, plan: Plan): DiffLine[] {
  const { role, what, path, usedBefore, usedAfter } = file;
  const before = usedIn(file, plan, 'before');
  const after = usedIn(file, plan, 'after');
  const found = plan.found === undefined ? undefined : fromHex(plan.found);
  const isElsewhere = role === 'bootstrap' && found !== undefined && !bytesEqual(found, before);
  const title = `${what} ${path} · ${usedBefore} → ${usedAfter} bytes`;
  if (role === 'left' && found && bytesEqual(found, before)) return [{ kind: 'note', text: title }];
  const factsOf = role === 'bootstrap' || role === 'left' ? FACTS[plan.profile] : hexFacts;
  const [old, fresh] = [factsOf(isElsewhere ? found : before), factsOf(after)];
  return [
    { kind: 'note', text: isElsewhere ? `${title}, compared with the one in use now` : title },
    ...paired(old, fresh)
      .filter(({ fact, mate }) => !isSame(fact, mate))
      .map(({ fact: { text } }): DiffLine => ({ kind: 'old', text })),
    ...paired(fresh, old).map(({ fact, mate }): DiffLine => {
      const isOld = isSame(fact, mate);
      // Bullets look the same, whatever is behind them.
      const told = fact.secret && mate ? ` ${isOld ? 'unchanged' : 'changed'}` : '';
      return { kind: isOld ? 'same' : 'new', text: fact.text + told };
    }),
  ];
}

/** What a file holds, without padding: of a document the part of the file that EF(DODF) leads to. */
function usedIn(file: PlannedFile, { base, profile, files }: Plan, when: 'before' | 'after'): Uint8Array {
  const used = when === 'before' ? file.usedBefore : file.usedAfter;
  const pointers = files.find(({ role }) => role === 'dodf')?.[when] ?? '';
  const object = objectFor(fromHex(pointers), { path: file.path, base, kind: PROFILE_KINDS[profile] });
  return partOf(fromHex(file[when]), object?.part).slice(0, used);
}

/** Each fact with its mate in the other document: the first of a text with the first, the second with the second. */
function paired(facts: readonly Fact[], others: readonly Fact[]): { fact: Fact; mate: Fact | undefined }[] {
  const left = Map.groupBy(others, ({ text }) => text);
  return facts.map(fact => ({ fact, mate: left.get(fact.text)?.shift() }));
}

function isSame({ secret }: Fact, mate: Fact | undefined): boolean {
  if (!mate) return false;
  return secret && mate.secret ? secret.equals(mate.secret) : secret === mate.secret;
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
