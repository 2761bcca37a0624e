/** Stands in for the `electron` module: records what the shell asks of it, and lets a test raise its events. */
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

export const calls = {
  schemes: [] as unknown[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  ipc: new Map<string, (event: { senderFrame: unknown }) => unknown>(),
  external: [] as string[],
  quits: 0,
  reloads: 0,
};

class App extends EventEmitter {
  isFirst = true;
  sandboxed = false;
  requestSingleInstanceLock = () => this.isFirst;
  enableSandbox = () => {
    this.sandboxed = true;
  };
  whenReady = () => Promise.resolve();
  getPath = (name: string) => `/home/person/${name}`;
  quit = () => {
    calls.quits += 1;
  };
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => calls.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => calls.handlers.set(scheme, handler),
};

type PermissionRequest = (contents: unknown, permission: string, answer: (allowed: boolean) => void) => void;
export const permissions = {
  request: undefined as PermissionRequest | undefined,
  check: undefined as ((contents: unknown, permission: string, origin: string) => boolean) | undefined,
  device: undefined as (() => boolean) | undefined,
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionRequest) => {
      permissions.request = handler;
    },
    setPermissionCheckHandler: (handler: (contents: unknown, permission: string, origin: string) => boolean) => {
      permissions.check = handler;
    },
    setDevicePermissionHandler: (handler: () => boolean) => {
      permissions.device = handler;
    },
  },
};

export class WebContents extends EventEmitter {
  readonly mainFrame = { origin: 'app://workbench' };
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }) => {
    this.openHandler = handler;
  };
  reload = () => {
    calls.reloads += 1;
  };
}

export class BrowserWindow extends EventEmitter {
  static readonly opened: BrowserWindow[] = [];
  readonly webContents = new WebContents();
  readonly options: { readonly show: boolean; readonly webPreferences: Readonly<Record<string, unknown>> };
  readonly loaded: string[] = [];
  shown = false;
  focused = 0;
  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.opened.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL = (url: string) => {
    this.loaded.push(url);
    return Promise.resolve();
  };
  show = () => {
    this.shown = true;
  };
  isMinimized = () => false;
  isDestroyed = () => false;
  focus = () => {
    this.focused += 1;
  };
}

/** A core that does what the test says: `emit('message', …)`, `emit('exit', code)`. */
export class Child extends EventEmitter {
  readonly pid: number | undefined;
  readonly posted: unknown[] = [];
  constructor(pid?: number) {
    super();
    this.pid = pid;
  }
  postMessage = (message: unknown) => this.posted.push(message);
}
export const forks: { readonly script: string; readonly args: readonly string[]; readonly child: Child }[] = [];
export const utilityProcess = {
  /** Process number of the next children. */
  pid: undefined as number | undefined,
  fork(script: string, args: readonly string[]) {
    const child = new Child(utilityProcess.pid);
    forks.push({ script, args, child });
    return child;
  },
};
export function lastCore(): Child {
  const fork = forks.at(-1);
  if (!fork) throw new Error('no core was started');
  return fork.child;
}

export const ipcMain = {
  handle: (channel: string, handler: (event: { senderFrame: unknown }) => unknown) => calls.ipc.set(channel, handler),
};
export const shell = { openExternal: (url: string) => Promise.resolve(calls.external.push(url)) };
export const dialog = { showMessageBox: vi.fn(async (_options: { detail: string }) => ({ response: 1 })) };
export const Menu = { setApplicationMenu: vi.fn(), buildFromTemplate: (template: unknown) => template };
export const exposed = new Map<string, unknown>();
export const contextBridge = { exposeInMainWorld: (name: string, value: unknown) => exposed.set(name, value) };
export const ipcRenderer = { invoke: vi.fn(async (channel: string) => `answer to ${channel}`) };
