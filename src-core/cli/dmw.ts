#!/usr/bin/env node
/** dmw: the command line of DM Workbench. One file for each subcommand, loaded when it is called. */
import { enableCompileCache } from 'node:module';
import { type Command, cacheFolder, reportError, usageError } from './command.ts';

// Compiled code is kept between runs: the DM server answers sooner.
enableCompileCache(cacheFolder());

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  serve: () => import('./serve.ts'),
  demo: () => import('./demo.ts'),
  decode: () => import('./decode.ts'),
  encode: () => import('./encode.ts'),
  ddf: () => import('./ddf.ts'),
  simulate: () => import('./simulate.ts'),
  tree: () => import('./tree.ts'),
  card: () => import('./card.ts'),
  handset: () => import('./handset.ts'),
  session: () => import('./session.ts'),
};

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map(load => load()));
  const lines = commands.map(({ command }) => `  dmw ${command.usage}\n      ${command.summary}`);
  return `DM Workbench: OMA Device Management on this machine.\n\n${lines.join('\n')}\n\nEvery command takes --json.\n`;
}

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === 'help' || name === '--help') {
    process.stdout.write(await help());
    return;
  }
  const load = COMMANDS[name];
  if (!load) throw usageError(`${Object.keys(COMMANDS).join('|')} …`, `there is no command ${name}`);
  const { command } = await load();
  const lines = [`dmw ${command.usage}`, command.summary, ...(command.help ?? [])];
  if (args.includes('--help')) process.stdout.write(`${lines.join('\n    ')}\n`);
  else await command.run(args);
}

main(process.argv.slice(2)).catch(reportError);
