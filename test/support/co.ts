/** Cache Operation CO 1.0 (WAP-175-CacheOp §7): operations on the cache of a WAP browser. */
import { attributePage, type DocumentType, tagPage } from '../../src-core/encoding/wbxml/code-pages.ts';

export const CO_1_0: DocumentType = {
  name: 'CO 1.0',
  publicId: '-//WAPFORUM//DTD CO 1.0//EN',
  publicIdNumber: 0x07,
  root: 'co',
  // Tags in the order of their tokens, from 05 on; `-` leaves one out.
  pages: new Map([[0, tagPage('', 'co invalidate-object invalidate-service')]]),
  attributePages: new Map([
    [
      0,
      attributePage(
        // Attribute starts from token 05 on: a name, or a name and how its value begins.
        [[0x05, 'uri uri=http:// uri=http://www. uri=https:// uri=https://www.']],
        // Attribute values from token 85 on.
        [[0x85, '.com/ .edu/ .net/ .org/']],
      ),
    ],
  ]),
};
