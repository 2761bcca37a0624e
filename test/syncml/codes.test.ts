import { expect, it } from 'vitest';
import { AlertCode, describeAlert, describeStatus, isSuccess } from '../../src-core/syncml/codes.ts';

it.each([
  [200, 'OK', true],
  [212, 'Authentication accepted', true],
  [216, 'Atomic roll back OK', true],
  [304, 'Not modified', true],
  [401, 'Invalid credentials', false],
  [407, 'Missing credentials', false],
  [418, 'Already exists', false],
  [425, 'Permission denied', false],
  [507, 'Atomic failed', false],
  [599, 'Status 599', false],
])('status %i is %s', (code, words, success) => {
  expect([describeStatus(code), isSuccess(code)]).toEqual([words, success]);
});

it('every alert code has words, unknown ones their number', () => {
  for (const code of Object.values(AlertCode)) expect(describeAlert(code)).not.toMatch(/^Alert \d/);
  expect(describeAlert(AlertCode.SESSION_ABORT)).toBe('Session abort');
  expect(describeAlert(9999)).toBe('Alert 9999');
});
