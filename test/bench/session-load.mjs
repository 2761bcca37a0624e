/**
 * Load for the session bench: one keep-alive connection a device, sessions one after another on each. Messages are made
 * once and patched, so that the load costs little next to the servers it measures.
 */
import { hash } from 'node:crypto';
import { connect } from 'node:net';
import { decodeMessage, encodeMessage, MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import { deviceAt, LEAVES, readingOf } from './session-devices.mjs';

const [url, devices] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
/** Of the lengths that these things have on the wire. */
const SESSION_KEY = '01234567-89ab-cdef-0123-456789abcdef';
const DIGEST = 'MDEyMzQ1Njc4OWFiY2RlZg==';
const SESSION_ID = 'F000';
const LEVEL = readingOf(9, 'F000');

const counted = { requests: 0, sessions: 0 };
let running = false;
let waiting;

class Device {
  constructor(number) {
    const { id, user, password, nonce } = deviceAt(number);
    this.session = 0;
    this.secret = Buffer.from(`${hash('md5', `${user}:${password}`, 'base64')}:`);
    this.nonce = nonce;
    this.package1 = new Template(package1(id, user), '', { session: SESSION_ID, digest: DIGEST });
    this.package3 = new Template(package3(id), `?s=${SESSION_KEY}`, {
      session: SESSION_ID,
      level: LEVEL,
      key: SESSION_KEY,
    });
    this.received = undefined;
    this.step = 'idle';
    this.key = '';
  }

  connect() {
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', data => this.take(data));
    this.socket.on('close', () => fail(`the server closed the connection (${this.step})`));
    return new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
  }

  /** Package 1. */
  open() {
    this.step = 'opening';
    this.session = (this.session + 1) & 0xffff;
    const digest = hash('md5', Buffer.concat([this.secret, this.nonce]), 'base64');
    this.socket.write(this.package1.with({ session: this.sessionId, digest }));
  }

  /** Package 3, which ends the session. */
  report() {
    this.step = 'reporting';
    const level = readingOf(9, this.sessionId);
    this.socket.write(this.package3.with({ session: this.sessionId, level, key: this.key }));
  }

  get sessionId() {
    return (this.session | 0x10000).toString(16).slice(1).toUpperCase();
  }

  take(data) {
    const all = this.received ? Buffer.concat([this.received, data]) : data;
    const end = all.indexOf('\r\n\r\n');
    const length = end < 0 ? Number.NaN : contentLength(all, end);
    if (!(all.length >= end + 4 + length)) {
      this.received = all;
      return;
    }
    this.received = undefined;
    if (all.latin1Slice(9, 12) !== '200') fail(all.toString());
    this.answered(all, end + 4);
  }

  answered(all, from) {
    counted.requests += 1;
    if (this.step === 'opening') {
      this.readPackage2(all, from);
      this.step = 'open';
      if (running) this.report();
    } else {
      if (all.length - from !== this.readPackage4(all, from)) fail('a session did not end with an empty package');
      counted.sessions += 1;
      this.step = 'idle';
      if (running) this.open();
    }
    if (waiting) waiting();
  }

  /** Key and nonce are where they were the first time. */
  readPackage2(all, from) {
    this.places ??= placesIn(all.subarray(from));
    const { length, key, nonce } = this.places;
    if (all.length - from !== length)
      fail(
        `package 2 changed its length: ${JSON.stringify(decodeMessage(Uint8Array.from(all.subarray(from)), 'wbxml'))}`,
      );
    this.key = all.latin1Slice(from + key, from + key + SESSION_KEY.length);
    this.nonce = Buffer.from(all.latin1Slice(from + nonce, from + nonce + DIGEST.length), 'base64');
  }

  /** The length that it must have, decoded the first time. */
  readPackage4(all, from) {
    this.package4Length ??= lengthOfEnd(all.subarray(from));
    return this.package4Length;
  }
}

/** A request with places that are written anew each time. */
class Template {
  constructor(body, query, fields) {
    const head =
      `POST ${pathname}${query} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: ${MEDIA_TYPE.wbxml}\r\n` +
      `Accept: ${MEDIA_TYPE.wbxml}\r\nContent-Length: ${body.length}\r\n\r\n`;
    this.bytes = Buffer.concat([Buffer.from(head), body]);
    this.places = Object.entries(fields).flatMap(([name, text]) => everyPlace(this.bytes, text).map(at => [name, at]));
  }

  with(values) {
    const bytes = Buffer.from(this.bytes);
    for (const [name, at] of this.places) bytes.latin1Write(values[name], at);
    return bytes;
  }
}

function everyPlace(bytes, text) {
  const places = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  if (places.length === 0) throw new Error(`${text} is not in the message`);
  return places;
}

function headerOf(id, user, msgId, target) {
  const source = user === undefined ? { uri: id } : { uri: id, name: user };
  return { verDTD: '1.2', verProto: 'DM/1.2', sessionId: SESSION_ID, msgId, target: { uri: target }, source };
}

function package1(id, user) {
  const text = { format: 'chr', type: 'text/plain' };
  const info = { DevId: id, Man: 'Factory', Mod: 'Model 1', DmV: '1.2', Lang: 'en' };
  const items = Object.entries(info).map(([name, data]) => ({
    source: { uri: `./DevInfo/${name}` },
    meta: text,
    data,
  }));
  const cred = { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: DIGEST };
  const commands = [
    { kind: 'Alert', cmdId: '1', code: 1201, items: [] },
    { kind: 'Replace', cmdId: '2', items },
  ];
  const header = { ...headerOf(id, user, 1, url), cred, meta: { maxMsgSize: 65536 } };
  return encodeMessage({ header, commands, final: true }, 'wbxml');
}

/** The server's credentials are accepted, ten Gets answered; CmdIDs are as this server gives them. */
function package3(id) {
  const chal = { meta: { format: 'b64', type: 'syncml:auth-md5', nextNonce: 'bmV4dCBzZXJ2ZXIgbm9uY2U=' } };
  const status = (cmdRef, cmd, code, more) => ({
    kind: 'Status',
    msgRef: 1,
    cmdRef,
    cmd,
    targetRefs: [],
    sourceRefs: [],
    code,
    items: [],
    ...more,
  });
  const commands = [status('0', 'SyncHdr', 212, { targetRefs: [id], sourceRefs: [url], chal })];
  for (const [i, uri] of LEAVES.entries()) {
    const cmdRef = String(i + FIRST_GET);
    const item = { source: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: readingOf(i, 'F000') };
    commands.push(status(cmdRef, 'Get', 200, { targetRefs: [uri] }));
    commands.push({ kind: 'Results', msgRef: 1, cmdRef, targetRefs: [], sourceRefs: [], items: [item] });
  }
  const numbered = commands.map((command, i) => ({ ...command, cmdId: String(i + 1) }));
  return encodeMessage(
    { header: headerOf(id, undefined, 2, `${url}?s=${SESSION_KEY}`), commands: numbered, final: true },
    'wbxml',
  );
}

/** After the statuses of header, alert and DevInfo. */
const FIRST_GET = 4;

function placesIn(body) {
  const { header, commands } = decodeMessage(Uint8Array.from(body), 'wbxml');
  const gets = commands.filter(command => command.kind === 'Get');
  if (gets.length !== LEAVES.length || gets[0].cmdId !== String(FIRST_GET)) fail('package 2 has not the ten Gets');
  const key = header.respURI.slice(-SESSION_KEY.length);
  const nonce = commands[0].chal.meta.nextNonce;
  return { length: body.length, key: body.indexOf(key), nonce: body.indexOf(nonce) };
}

function lengthOfEnd(body) {
  const { commands, final } = decodeMessage(Uint8Array.from(body), 'wbxml');
  if (!final || commands.some(command => command.kind !== 'Status')) fail('the session goes on');
  return body.length;
}

function contentLength(bytes, end) {
  let at = bytes.indexOf('ontent-length: ');
  if (at < 0 || at > end) at = bytes.indexOf('ontent-Length: ');
  return Number(bytes.latin1Slice(at + 15, bytes.indexOf('\r', at)));
}

function fail(reason) {
  if (finishing) return;
  console.error(`load: ${reason}`);
  process.exit(1);
}
let finishing = false;

const all = Array.from({ length: Number(devices) }, (_, i) => new Device(i));

/** Resolves when every device is in this state. */
function whenAll(step) {
  return new Promise(resolve => {
    waiting = () => {
      if (!all.every(device => device.step === step)) return;
      waiting = undefined;
      resolve();
    };
    waiting();
  });
}

async function run(ms) {
  const before = { ...counted };
  const began = performance.now();
  running = true;
  for (const device of all) {
    if (device.step === 'open') device.report();
    else device.open();
  }
  await new Promise(resolve => setTimeout(resolve, ms));
  const seconds = (performance.now() - began) / 1000;
  const rates = {
    requests: (counted.requests - before.requests) / seconds,
    sessions: (counted.sessions - before.sessions) / seconds,
  };
  running = false;
  // Sessions under way end; the next run starts fresh ones.
  for (const device of all) if (device.step === 'open') device.report();
  await settle();
  return { ...rates, total: counted.requests - before.requests };
}

async function settle() {
  const timer = setInterval(() => {
    for (const device of all) if (device.step === 'open') device.report();
  }, 5);
  await whenAll('idle');
  clearInterval(timer);
}

const orders = {
  async connect() {
    for (let i = 0; i < all.length; i += 100) await Promise.all(all.slice(i, i + 100).map(device => device.connect()));
  },
  /** Every device gets as far as package 2 and waits. */
  async open() {
    for (const device of all) device.open();
    await whenAll('open');
  },
  run,
  async finish() {
    finishing = true;
    for (const device of all) device.socket.destroy();
    setImmediate(() => process.disconnect());
    return counted;
  },
};

// Nobody is left without the bench.
process.on('disconnect', () => process.exit());
process.on('message', async ({ order, argument }) => process.send({ done: await orders[order](argument) }));
process.send({ ready: true });
