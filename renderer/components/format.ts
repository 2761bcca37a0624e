/** How numbers, times and bytes read on screen. Pure; times are milliseconds since 1970, shown in local time. */

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `22:14:06.120`. */
export function formatClock(at: number): string {
  const d = new Date(at);
  return `${formatTime(at)}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

/** `22:14:06`. */
function formatTime(at: number): string {
  const d = new Date(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** `2026-11-23 22:14:06`. */
export function formatStamp(at: number): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${formatTime(at)}`;
}

/** A moment in a list: the time of day, before today the date with it. */
export function formatWhen(at: number, now: number): string {
  const stamp = formatStamp(at);
  return stamp.slice(0, 10) === formatStamp(now).slice(0, 10) ? formatTime(at) : stamp.slice(5, 16);
}

/** `just now`, `12 s ago`, `3 min ago`, `5 h ago`, then the date. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ago` : formatStamp(at).slice(0, 10);
}

/** `3 ms`, `1.24 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long something lasts already, in whole seconds: `24 s`, `3 min 5 s`. */
export function formatWait(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** A value on one line: line ends and tabs become visible signs. */
export function oneLine(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '⏎').replace(/\t/g, '⇥');
}

export interface HexLine {
  /** First byte's place in the document, hexadecimal. */
  readonly offset: string;
  readonly hex: string;
  /** Printable ASCII, a point for the rest. */
  readonly text: string;
}

/** Lines of a hex dump, `perLine` bytes each. */
export function hexDump(hex: string, perLine: number): HexLine[] {
  const bytes = hex.replace(/\s+/g, '').match(/../g) ?? [];
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const line = bytes.slice(at, at + perLine);
    lines.push({
      offset: at.toString(16).toUpperCase().padStart(4, '0'),
      hex: line.map(byte => byte.toUpperCase()).join(' '),
      text: line.map(printable).join(''),
    });
  }
  return lines;
}

function printable(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}

/** Undefined where the text is not base64. */
export function base64ToHex(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return Array.from(atob(packed), c => c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()).join('');
}
