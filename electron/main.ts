/** The desktop host: starts the core, opens the window on the page, ends both. No domain logic lives here. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, protocol, session } from 'electron';
import { PAGE_ORIGIN } from '../src-core/workbench/host-protocol.ts';
import { CoreProcess } from './core-process.ts';
import { denyPermissions, guardContents } from './guards.ts';
import { setMenu } from './menu.ts';
import { pageHandler } from './page.ts';
import { answerEndpoint, openWindow } from './window.ts';

const DIST = join(import.meta.dirname, '..');
const PAGE_SCHEME = new URL(PAGE_ORIGIN).protocol.slice(0, -1);

let window: BrowserWindow | undefined;

const database = join(app.getPath('userData'), 'workbench.sqlite');
const core = new CoreProcess(join(DIST, 'core/core-process.js'), [database], {
  onReady(_endpoint, restarted) {
    // Another port: the page's policy names the old one, so it is loaded anew and finds its place by its address.
    if (restarted) window?.webContents.reload();
  },
  onFailure: message => void askAfterFailure(message),
});

async function askAfterFailure(message: string): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'DM Workbench',
    message: 'The core of the workbench does not run',
    detail: message,
    buttons: ['Start it again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) core.start();
  else app.quit();
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function open(): void {
  denyPermissions(session.defaultSession);
  protocol.handle(
    PAGE_SCHEME,
    pageHandler(join(DIST, 'page'), async () => (await core.endpoint()).port),
  );
  answerEndpoint(
    ipcMain,
    () => window,
    () => core.endpoint(),
  );
  setMenu(process.platform);
  core.start();
  window = openWindow(join(DIST, 'electron/preload.cjs'));
  window.once('closed', () => {
    window = undefined;
  });
}

/** Holds the end of the application back until the core has ended. */
function endCoreFirst(): void {
  let ended = false;
  app.on('will-quit', event => {
    if (ended) return;
    event.preventDefault();
    void core.stop().then(() => {
      ended = true;
      app.quit();
    });
  });
}

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  guardContents(app);
  endCoreFirst();
  app.on('second-instance', focusWindow);
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(open);
} else {
  app.quit();
}
