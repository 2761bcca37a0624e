/** The desktop shell as a whole, with a stand-in for Electron: what its window may do, whom it answers, how it ends. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { app, BrowserWindow, calls, exposed, forks, lastCore, permissions, WebContents } from './electron-stand-in.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));

const ENDPOINT = { port: 4711, token: 'launch-token' };

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.opened;
  if (!window) throw new Error('no window was opened');
  return window;
}

beforeAll(async () => {
  await import('../../electron/main.ts');
  await vi.waitFor(() => expect(BrowserWindow.opened).toHaveLength(1));
  lastCore().emit('message', { kind: 'ready', endpoint: ENDPOINT });
});

describe('the window', () => {
  it('is isolated, sandboxed and without Node', () => {
    expect(app.sandboxed).toBe(true);
    expect(theWindow().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      preload: expect.stringMatching(/electron\/preload\.cjs$/),
    });
  });

  it('shows the page of its own origin, once it is drawn', () => {
    expect(theWindow().loaded).toEqual(['app://workbench/index.html']);
    expect(theWindow().shown).toBe(false);
    theWindow().emit('ready-to-show');
    expect(theWindow().shown).toBe(true);
    expect(calls.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('comes forward when the program is started a second time', () => {
    app.emit('second-instance');
    expect(theWindow().focused).toBe(1);
  });
});

describe('content of any kind', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('is denied %s', name => {
    const contents = new WebContents();
    app.emit('web-contents-created', {}, contents);
    const event = { preventDefault: vi.fn() };
    contents.emit(name, event);
    theWindow().webContents.emit(name, event);
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['https://technical.openmobilealliance.org/index.html', true],
    ['http://technical.openmobilealliance.org/', false],
    ['https://technical.openmobilealliance.org:8443/', false],
    ['https://technical.openmobilealliance.org.example.com/', false],
    ['https://example.com/', false],
    ['file:///etc/passwd', false],
    ['app://workbench/index.html', false],
    ['no address', false],
  ])('opens no window for %s', (url, outside) => {
    calls.external.length = 0;
    expect(theWindow().webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    expect(calls.external).toEqual(outside ? [url] : []);
  });

  it.each(['media', 'geolocation', 'notifications', 'serial', 'hid', 'usb', 'clipboard-read', 'fullscreen'])(
    'gets no permission for %s',
    permission => {
      const answer = vi.fn();
      permissions.request?.(theWindow().webContents, permission, answer);
      expect(answer).toHaveBeenCalledExactlyOnceWith(false);
      expect(permissions.check?.(null, permission, 'app://workbench')).toBe(false);
      expect(permissions.device?.()).toBe(false);
    },
  );

  it('may put text on the clipboard from our page only', () => {
    const answer = vi.fn();
    permissions.request?.(theWindow().webContents, 'clipboard-sanitized-write', answer);
    permissions.request?.({ mainFrame: { origin: 'https://example.com' } }, 'clipboard-sanitized-write', answer);
    expect(answer.mock.calls).toEqual([[true], [false]]);
    expect(permissions.check?.(null, 'clipboard-sanitized-write', 'app://workbench/')).toBe(true);
    expect(permissions.check?.(null, 'clipboard-sanitized-write', 'https://example.com')).toBe(false);
  });
});

describe('the endpoint', () => {
  const ask = (senderFrame: unknown) => calls.ipc.get('dmw:endpoint')?.({ senderFrame });

  it('is told to the main frame of our window', async () => {
    await expect(ask(theWindow().webContents.mainFrame)).resolves.toEqual(ENDPOINT);
  });

  it('is refused to every other frame', () => {
    expect(() => ask(null)).toThrow('its own page only');
    expect(() => ask({ origin: 'app://workbench' })).toThrow('its own page only');
  });

  it('is refused to our main frame while a foreign page is in it', () => {
    const frame = theWindow().webContents.mainFrame;
    frame.origin = 'https://example.com';
    try {
      expect(() => ask(frame)).toThrow('its own page only');
    } finally {
      frame.origin = 'app://workbench';
    }
  });

  it('is all that the preload gives to the page', async () => {
    await import('../../electron/preload.ts');
    expect([...exposed.keys()]).toEqual(['dmw']);
    const bridge = exposed.get('dmw') as { endpoint: () => Promise<string> };
    expect(Object.keys(bridge)).toEqual(['endpoint']);
    await expect(bridge.endpoint()).resolves.toBe('answer to dmw:endpoint');
  });
});

describe('the core', () => {
  it('is the built program, with the database in the person’s folder', () => {
    expect(forks).toHaveLength(1);
    expect(forks[0]?.script).toMatch(/core\/core-process\.js$/);
    expect(forks[0]?.args).toEqual(['/home/person/userData/workbench.sqlite']);
  });

  it('comes back after a crash, and the page is loaded anew', async () => {
    vi.useFakeTimers();
    lastCore().emit('exit', 139);
    vi.advanceTimersByTime(500);
    vi.useRealTimers();
    expect(forks).toHaveLength(2);
    expect(calls.reloads).toBe(0);
    lastCore().emit('message', { kind: 'ready', endpoint: { port: 4712, token: 'next' } });
    expect(calls.reloads).toBe(1);
    const frame = theWindow().webContents.mainFrame;
    await expect(calls.ipc.get('dmw:endpoint')?.({ senderFrame: frame })).resolves.toEqual({
      port: 4712,
      token: 'next',
    });
  });

  it('ends before the program ends', async () => {
    app.emit('window-all-closed');
    expect(calls.quits).toBe(1);
    const event = { preventDefault: vi.fn() };
    app.emit('will-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(lastCore().posted).toEqual([{ kind: 'shutdown' }]);
    await Promise.resolve();
    expect(calls.quits).toBe(1);
    lastCore().emit('exit', 0);
    await vi.waitFor(() => expect(calls.quits).toBe(2));
    app.emit('will-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(forks).toHaveLength(2);
  });
});
