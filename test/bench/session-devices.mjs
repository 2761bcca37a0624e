/** The devices of the session bench, known to server and load alike. All names have one length, so that messages do too. */

export const LEAVES = Array.from({ length: 10 }, (_, i) => `./Vendor/State/Leaf${i}`);
export const SERVER_ID = 'dm.bench';

const digits = number => String(number).padStart(8, '0');

export function deviceAt(number) {
  return {
    id: `IMEI:4930051${digits(number)}`,
    user: `device-${digits(number)}`,
    password: `secret-${digits(number)}`,
    nonce: Buffer.from(`nonce--${digits(number)}`),
  };
}

/** What the device says of a leaf; the last one is different in every session. */
export function readingOf(leaf, session) {
  return leaf === 9 ? `level ${session}` : `value of leaf number ${leaf}`;
}
