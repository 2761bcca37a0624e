/** For every test file: no test costs a PIN try that it did not declare. */
import { afterEach } from 'vitest';
import { checkLostTries } from './lost-tries.ts';

afterEach(checkLostTries);
