/** The vectors of test/fixtures, made with tools that are no part of the project (its README says which). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../fixtures');

export const fixtureBytes = (path: string): Uint8Array => Uint8Array.from(readFileSync(join(root, path)));
export const fixtureText = (path: string): string => readFileSync(join(root, path), 'utf8');
export const fixtureJson = <T>(path: string): T => JSON.parse(fixtureText(path)) as T;
export const syncmlSamples: readonly string[] = readdirSync(join(root, 'syncml'))
  .filter(name => name.endsWith('.xml'))
  .map(name => name.slice(0, -4));
