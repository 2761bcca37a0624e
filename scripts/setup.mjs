/**
 * Makes this checkout ready: `node scripts/setup.mjs start|test|tools`. Runs before the npm scripts that need it, under any Node
 * from 20 on, without any package. Does nothing where all is in place. Whatever it says goes to standard error.
 */
import { spawnSync } from 'node:child_process';
import { adviceFor, installPackages, missingPackages } from './setup/debian.mjs';
import { PROJECT_NODE, ROOT, say } from './setup/files.mjs';
import { addCardBinding, hasCardBinding, install, isInstalled, missingForCardBinding } from './setup/install.mjs';
import { withLock } from './setup/lock.mjs';
import { isBuilt } from './setup/sources.mjs';

const purpose = process.argv[2];

/** Each step: how to tell that it is done, and how to do it. Their order counts: the binding is compiled by npm's install. */
const STEPS = {
  system: { done: () => missingSystemPackages().length === 0, work: installSystemPackages },
  packages: { done: isInstalled, work: install },
  cards: { done: hasCardBinding, work: prepareCardBinding },
  build: { done: isBuilt, work: build },
};
const PURPOSES = {
  start: [STEPS.packages, STEPS.cards, STEPS.build],
  test: [STEPS.system, STEPS.packages, STEPS.cards, STEPS.build],
  tools: [STEPS.packages],
};

function missingSystemPackages() {
  return missingPackages(hasCardBinding() ? [] : missingForCardBinding());
}

function installSystemPackages() {
  const missing = installPackages(missingSystemPackages());
  if (missing.length === 0) return;
  for (const line of adviceFor(missing)) say(line);
  refuseInCi('the tests need these packages');
  say('the tests that need them are skipped');
}

/** The workbench starts without PC/SC and says so; with CI set the tests do not. */
function prepareCardBinding() {
  const missing = missingForCardBinding();
  if (missing.length === 0 && addCardBinding({ again: purpose === 'test' })) return;
  const reason =
    missing.length === 0 ? 'the binding "smartcard" does not compile here' : `missing: ${missing.join(' ')}`;
  say(`card readers (PC/SC) are left out, only virtual cards work; ${reason}`);
  if (purpose === 'test') refuseInCi('the tests need PC/SC');
}

function refuseInCi(reason) {
  if (process.env.CI) throw new Error(`${reason}, and CI is set`);
}

function build() {
  const began = Date.now();
  const result = spawnSync(PROJECT_NODE, ['scripts/build.mjs'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) throw new Error('the build failed; its messages are above');
  say(`built in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function main() {
  const steps = PURPOSES[purpose];
  if (!steps) throw new Error(`unknown purpose "${purpose ?? ''}"; one of: ${Object.keys(PURPOSES).join(', ')}`);
  if (Number.parseInt(process.versions.node, 10) < 20)
    throw new Error(`Node ${process.version} is too old; 20 is needed`);
  if (steps.every(step => step.done())) return;
  await withLock(() => {
    for (const step of steps) if (!step.done()) step.work();
  });
}

main().catch(error => {
  say(error.message);
  process.exitCode = 1;
});
