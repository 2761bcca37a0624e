/** What no content of the workbench may do, whichever window or frame it is in: leave its page, open windows, use devices. */
import { type App, type Session, shell, type WebContents } from 'electron';
import { PAGE_ORIGIN } from '../src-core/workbench/host-protocol.ts';

/** Hosts that a link may open in the person's own browser: where the specifications are published. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set(['www.openmobilealliance.org', 'technical.openmobilealliance.org']);

/** Guards every content that the application will ever create. Call before the first window. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => guard(contents));
}

function guard(contents: WebContents): void {
  contents.on('will-navigate', event => event.preventDefault());
  contents.on('will-frame-navigate', event => event.preventDefault());
  contents.on('will-redirect', event => event.preventDefault());
  contents.on('will-attach-webview', event => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

function mayOpenOutside(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' && url.port === '' && EXTERNAL_HOSTS.has(url.host);
}

/** Denies every permission but one: the page may copy text to the clipboard, never read it. */
export function denyPermissions(session: Session): void {
  const allowed = (permission: string, origin: string) =>
    permission === 'clipboard-sanitized-write' && (origin === PAGE_ORIGIN || origin === `${PAGE_ORIGIN}/`);
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(allowed(permission, contents.mainFrame.origin)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
