/** Loaded into programs that tests start: a line for each try that a virtual card in them loses (lost-tries.ts reads it). */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const file = process.env.DMW_TEST_LOST_TRIES;
if (file) subscribe('dmw:uicc:lost-try', ({ key }) => appendFileSync(file, `${key}\n`));
