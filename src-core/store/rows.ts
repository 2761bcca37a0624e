/** Rows of the SQLite store to records. */
import type { SQLOutputValue } from 'node:sqlite';
import { Secret } from '../base/secret.ts';
import type { AccountRecord, DeviceRecord, MessageRecord, SessionRecord, SessionSummary } from './contract.ts';

export type Row = Record<string, SQLOutputValue>;

export function accountOf(row: Row): AccountRecord {
  return {
    user: String(row.user),
    password: Secret.ofBytes(row.password as Uint8Array),
    clientNonce: row.client_nonce as Uint8Array,
    clientScheme: row.client_scheme as AccountRecord['clientScheme'],
    serverId: String(row.server_id),
    serverPassword: Secret.ofBytes(row.server_password as Uint8Array),
    serverNonce: row.server_nonce as Uint8Array,
    serverScheme: row.server_scheme as AccountRecord['serverScheme'],
    origin: String(row.origin),
    ...optional('deviceId', row.device_id),
    ...optional('freedFrom', row.freed_from),
    createdAt: Number(row.created_at),
    failures: Number(row.failures),
    ...(row.locked_until !== null && { lockedUntil: Number(row.locked_until) }),
  };
}

export function deviceOf(row: Row): DeviceRecord {
  return {
    id: String(row.id),
    name: String(row.name),
    ...optional('manufacturer', row.manufacturer),
    ...optional('model', row.model),
    ...optional('user', row.user),
    lastSeen: Number(row.last_seen),
    ...(row.abilities !== null && { abilities: JSON.parse(String(row.abilities)) }),
  };
}

export function sessionOf(row: Row): SessionRecord {
  return {
    key: String(row.key),
    deviceId: String(row.device_id),
    sessionId: String(row.session_id),
    startedAt: Number(row.started_at),
    ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
    state: row.state as SessionRecord['state'],
    detail: String(row.detail),
    clientAuthenticated: row.client_authenticated === 1,
    serverAuthenticated: row.server_authenticated === 1,
    encoding: row.encoding as SessionRecord['encoding'],
    transport: String(row.transport),
    ...optional('scheme', row.scheme),
  };
}

export function summaryOf(row: Row): SessionSummary {
  return { ...sessionOf(row), messages: Number(row.messages), bytes: Number(row.bytes) };
}

export function messageOf(row: Row): MessageRecord {
  return {
    key: String(row.key),
    sessionKey: String(row.session_key),
    at: Number(row.at),
    direction: row.direction as MessageRecord['direction'],
    package: Number(row.package),
    encoding: row.encoding as MessageRecord['encoding'],
    bytes: row.bytes as Uint8Array,
  };
}

function optional<K extends string>(key: K, value: SQLOutputValue | undefined): { [P in K]?: string } {
  return (value === null || value === undefined ? {} : { [key]: String(value) }) as { [P in K]?: string };
}
