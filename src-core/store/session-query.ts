/** Which sessions are asked for, as SQL: over all devices, newest first, page by page. */
import type { SQLInputValue } from 'node:sqlite';
import type { SessionQuery } from './contract.ts';
import { deviceHash } from './migrations.ts';

interface Query {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Rows of sessions with `messages` and `bytes`: of blobs SQLite reads the length alone. */
export function pageOfSessions(query: SessionQuery, limit: number): Query {
  const { where, values } = condition(query);
  const sql = `SELECT *, (SELECT COUNT(*) FROM message WHERE session_key = session.key) AS messages,
      (SELECT TOTAL(LENGTH(bytes)) FROM message WHERE session_key = session.key) AS bytes
    FROM session${where} ORDER BY key DESC LIMIT ?`;
  return { sql, values: [...values, limit] };
}

export function numberOfSessions(query: SessionQuery): Query {
  const { where, values } = condition(query);
  return { sql: `SELECT COUNT(*) AS number FROM session${where}`, values };
}

function condition({ key, deviceId, state, from, to, before }: SessionQuery): {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
} {
  const parts: [sql: string, ...values: SQLInputValue[]][] = [];
  if (key !== undefined) parts.push(['key = ?', Number(key)]);
  if (deviceId !== undefined) parts.push(['device_hash = ? AND device_id = ?', deviceHash(deviceId), deviceId]);
  if (state !== undefined) parts.push(['state = ?', state]);
  if (from !== undefined) parts.push(['started_at >= ?', from]);
  if (to !== undefined) parts.push(['started_at < ?', to]);
  if (before !== undefined) parts.push(['key < ?', Number(before)]);
  const where = parts.map(([sql]) => sql).join(' AND ');
  return { where: where && ` WHERE ${where}`, values: parts.flatMap(([, ...values]) => values) };
}
