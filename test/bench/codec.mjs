/** WBXML to Message and back, for every sample and for a message of 2,000 Results; reference: libwbxml to XML and back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import { openLibwbxml } from './libwbxml.mjs';

const SAMPLES = join(import.meta.dirname, '../fixtures/syncml');
const ROUNDS = 15;
/** A round takes about so long. */
const ROUND_US = 20_000;

export async function* codec() {
  const libwbxml = openLibwbxml();
  try {
    for (const [name, bytes] of documents()) {
      const message = decodeMessage(bytes, 'wbxml');
      const decode = () => decodeMessage(bytes, 'wbxml');
      const encode = () => encodeMessage(message, 'wbxml');
      const times = { decode: [], encode: [], toXml: [], toWbxml: [] };
      const runs = runsOf(decode);
      // In turns, so that a slow moment meets all; the quickest round of each counts.
      for (let round = 0; round < ROUNDS; round++) {
        times.decode.push(timeOf(decode, runs));
        times.encode.push(timeOf(encode, runs));
        const reference = await libwbxml?.measure(bytes, Math.ceil(runs / 2));
        times.toXml.push(reference?.toXml ?? null);
        times.toWbxml.push(reference?.toWbxml ?? null);
      }
      const baseline = list => (libwbxml ? Math.min(...list) : null);
      yield { case: `decode/${name}`, value: Math.min(...times.decode), unit: 'µs', baseline: baseline(times.toXml) };
      yield { case: `encode/${name}`, value: Math.min(...times.encode), unit: 'µs', baseline: baseline(times.toWbxml) };
    }
  } finally {
    await libwbxml?.close();
  }
}

function documents() {
  const samples = readdirSync(SAMPLES).filter(file => file.endsWith('.wbxml'));
  return [
    ...samples.map(file => [file.slice(0, -'.wbxml'.length), new Uint8Array(readFileSync(join(SAMPLES, file)))]),
    // Beside each other they show the growth: 8 times the results should take 8 times as long.
    ['results250', results(250)],
    ['results2000', results(2000)],
  ];
}

/** About 100 bytes a result, as a device answers for its settings. */
function results(count) {
  const one = i => ({
    kind: 'Results',
    cmdId: String(i + 2),
    msgRef: 1,
    cmdRef: String(i + 1),
    targetRefs: [],
    sourceRefs: [],
    items: [
      {
        source: { uri: `./Vendor/Group${i % 50}/Setting${i}` },
        meta: { format: 'chr', type: 'text/plain' },
        data: `value ${i}`,
      },
    ],
  });
  const header = {
    verDTD: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: 2,
    target: { uri: 'http://127.0.0.1:8080/dm' },
    source: { uri: 'IMEI:493005100592800' },
  };
  return encodeMessage({ header, commands: Array.from({ length: count }, (_, i) => one(i)), final: true }, 'wbxml');
}

/** So many that a round takes its time, after as many uncounted ones. */
function runsOf(work) {
  const once = timeOf(work, 10);
  const runs = Math.max(1, Math.min(5000, Math.round(ROUND_US / once)));
  timeOf(work, runs * 5);
  return runs;
}

/** Microseconds for one run. */
function timeOf(work, runs) {
  const began = performance.now();
  for (let i = 0; i < runs; i++) work();
  return ((performance.now() - began) * 1000) / runs;
}
