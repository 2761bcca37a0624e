/** The one window of the workbench, and the one question it may ask the main process. */
import { BrowserWindow, type IpcMain, type WebFrameMain } from 'electron';
import { type Endpoint, PAGE_ORIGIN } from '../src-core/workbench/host-protocol.ts';
import { ENDPOINT_CHANNEL } from './channel.ts';

/** Opens the window on the page. `preload` is the path of the built preload script. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'DM Workbench',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${PAGE_ORIGIN}/index.html`);
  return window;
}

/** Answers where the core listens: to the main frame of `window()` alone, and only while our page is in it. */
export function answerEndpoint(
  ipc: IpcMain,
  window: () => BrowserWindow | undefined,
  endpoint: () => Promise<Endpoint>,
): void {
  ipc.handle(ENDPOINT_CHANNEL, event => {
    if (!isOurPage(event.senderFrame, window())) throw new Error('The workbench answers its own page only');
    return endpoint();
  });
}

function isOurPage(frame: WebFrameMain | null, window: BrowserWindow | undefined): boolean {
  if (!frame || !window || window.isDestroyed()) return false;
  return frame === window.webContents.mainFrame && frame.origin === PAGE_ORIGIN;
}
