/** What the page may ask of the Sessions room, as its API checks it. */
import { z } from 'zod';

export const sessionKey = z.string().min(1).max(64);

const time = z.int().min(0);

export const sessionFilter = z.strictObject({
  deviceId: z.string().min(1).max(255).exactOptional(),
  state: z.enum(['open', 'completed', 'failed']).exactOptional(),
  from: time.exactOptional(),
  to: time.exactOptional(),
  code: z
    .string()
    .regex(/^[1-9][0-9xX]{2}$/, 'expected a status code, such as 425, or a class of them, such as 4xx')
    .exactOptional(),
  uri: z.string().min(1).max(2048).exactOptional(),
  failed: z.boolean().exactOptional(),
});

export const sessionPage = z.strictObject({
  before: z.string().regex(/^\d+$/).max(64).exactOptional(),
  limit: z.int().min(1).max(1000),
});

export const secrets = z.enum(['masked', 'included']);

export const importedFile = z.strictObject({ name: z.string().min(1).max(255), text: z.string() });

export const replayTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('server-here') }),
  z.strictObject({
    kind: z.literal('server'),
    url: z.url({ protocol: /^https?$/, error: 'expected an address such as http://192.168.1.20:8080/dm' }).max(2048),
    user: z.string().max(255).exactOptional(),
    password: z.string().max(255).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('handset') }),
  z.strictObject({ kind: z.literal('device'), deviceId: z.string().min(1).max(255) }),
]);
