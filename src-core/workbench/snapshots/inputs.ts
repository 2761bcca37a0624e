/** What the page may ask of snapshots, as its API checks it. */
import { z } from 'zod';

const deviceId = z.string().min(1).max(255);
const uri = z
  .string()
  .regex(/^\.(\/[^?#\0]+)*$/, 'expected a URI from the root, such as ./DevInfo/DevId')
  .max(2048);
const key = z.string().regex(/^\d{1,16}$/, 'expected the key of a snapshot');
const name = z.string().trim().min(1, 'A snapshot needs a name').max(200, 'A name has 200 characters at most');

const side = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('device'), deviceId }),
  z.strictObject({ kind: z.literal('snapshot'), key }),
]);

const request = z.strictObject({
  deviceId,
  from: side,
  to: side,
  within: uri.exactOptional(),
  subtrees: z.enum(['nodes', 'tnds-wbxml', 'tnds-xml']),
  atomic: z.boolean(),
});

export const snapshotInputs = {
  take: z.strictObject({ deviceId, name: name.exactOptional(), uri: uri.exactOptional() }),
  rename: z.strictObject({ key, name }),
  remove: z.strictObject({ key }),
  diff: z.strictObject({ from: side, to: side }),
  changesAt: z.strictObject({ from: side, to: side, uri }),
  commands: request,
  apply: z.strictObject({ request, digest: z.string().min(1).max(128) }),
  export: z.strictObject({
    side,
    secrets: z.boolean(),
    form: z.enum(['json', 'tnds-wbxml', 'tnds-xml']),
    uri: uri.exactOptional(),
    properties: z
      .array(z.enum(['ACL', 'Format', 'Title', 'TStamp', 'Type', 'VerNo', 'Value']))
      .readonly()
      .exactOptional(),
  }),
  import: z.strictObject({ fileName: z.string().min(1).max(255), gzip: z.string() }),
};
