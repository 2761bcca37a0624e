/** A second start of the desktop program leaves everything to the first. */
import { expect, it, vi } from 'vitest';
import { app, BrowserWindow, calls, forks } from './electron-stand-in.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));

it('quits without a core and without a window', async () => {
  app.isFirst = false;
  await import('../../electron/main.ts');
  await Promise.resolve();
  expect(calls.quits).toBe(1);
  expect(forks).toEqual([]);
  expect(BrowserWindow.opened).toEqual([]);
  expect(calls.handlers.size + calls.ipc.size).toBe(0);
});
