/** Normative sentences of OMA-TS-DM_Security-V1_2_1, in the order of its text; a sentence that binds both ends has two rows. */
import type { Requirement } from '../requirement.ts';
import { client, server } from './rows.ts';

const HTTPS = 'the HTTPS binding is not part of this issue';
const OBSOLETE = 'obsolete and forbidden by RFC 7568 and RFC 8996; the HTTPS binding is not part of this issue';
const BOOTSTRAP = 'bootstrap over the air is not part of this issue; no session carries it';
const CONTENT = 'a matter of the source of content and its management object: sessions carry it untouched';

export const SECURITY: readonly Requirement[] = [
  // §5.1 Credentials
  server('SEC-5.1-1', 'each client has a password of its own for this server'),

  // §5.3 Authentication
  server('SEC-5.3-1', 'a client has to prove itself before anything it says counts'),
  client('SEC-5.3-2', 'a server has to prove itself before anything it asks is done'),
  server('SEC-5.3-3', 'client and server authentication in the transport are supported', HTTPS),
  server('SEC-5.3-4', 'a client that asks for transport security is asked for its certificate', HTTPS),
  server('SEC-5.3-5', 'a client without authentication in the transport has to give credentials'),
  client('SEC-5.3-6', 'over a transport without authentication it gives credentials'),
  server('SEC-5.3-7', 'over a transport without authentication it gives credentials'),
  client('SEC-5.3-8', 'syncml:auth-md5 is supported'),
  server('SEC-5.3-9', 'a client that answers a challenge for MD5 with another type ends the session'),
  client('SEC-5.3-10', 'each message is authenticated until the server accepts it for the session'),
  server('SEC-5.3-11', 'each message is authenticated until the client accepts it for the session'),

  // §5.3.3 Password and nonce
  server('SEC-5.3.3-1', 'a challenge for MD5 has a nonce'),
  client('SEC-5.3.3-2', 'a challenge for MD5 has a nonce'),
  client('SEC-5.3.3-3', 'credentials before any challenge use the last nonce received'),
  server('SEC-5.3.3-4', 'credentials before any challenge use the last nonce received'),
  server('SEC-5.3.3-5', 'a nonce may be stale: it is taken for a failure, not for an attack'),
  client('SEC-5.3.3-6', 'a nonce may be stale: it is taken for a failure, not for an attack'),
  server('SEC-5.3.3-7', 'after a failure there is one more challenge with a new nonce'),
  client('SEC-5.3.3-8', 'after a failure there is one more challenge with a new nonce'),

  // §5.4 Integrity
  client('SEC-5.4-1', 'once asked for, every message has an HMAC'),
  server('SEC-5.4-2', 'once asked for, every message has an HMAC'),

  // §5.4.1 How integrity is asked for
  client('SEC-5.4.1-1', 'the HMAC is in the transport header'),
  server('SEC-5.4.1-2', 'the HMAC is in the transport header'),
  client('SEC-5.4.1-3', 'the HMAC is not in Cred'),
  server('SEC-5.4.1-4', 'the HMAC is not in Cred'),
  client('SEC-5.4.1-5', 'a challenge is answered with the type that it asks for'),
  server('SEC-5.4.1-6', 'a challenge is answered with the type that it asks for'),
  server('SEC-5.4.1-7', 'an answer of another type ends the session, be its credentials right'),
  client('SEC-5.4.1-8', 'an answer of another type ends the session, be its credentials right'),

  // §5.4.2 Computation
  client('SEC-5.4.2-1', 'the HMAC is the base64 text of the digest of secret, nonce and message body'),
  server('SEC-5.4.2-2', 'the HMAC is the base64 text of the digest of secret, nonce and message body'),

  // §5.4.3 Header
  client('SEC-5.4.3-1', 'the HMAC travels with its message'),
  server('SEC-5.4.3-2', 'the HMAC travels with its message'),
  client('SEC-5.4.3-3', 'the header has the user name'),
  server('SEC-5.4.3-4', 'the header has the user name'),
  client('SEC-5.4.3-5', 'the header has the mac'),
  server('SEC-5.4.3-6', 'the header has the mac'),
  client('SEC-5.4.3-7', 'once used, the HMAC is used to the end of the session'),
  server('SEC-5.4.3-8', 'once used, the HMAC is used to the end of the session'),
  server('SEC-5.4.3-9', 'the header of a message with a right HMAC is answered with 200'),
  client('SEC-5.4.3-10', 'the header of a message with a right HMAC is answered with 200'),
  server('SEC-5.4.3-11', 'the answer has the next nonce'),
  client('SEC-5.4.3-12', 'the answer has the next nonce'),
  client('SEC-5.4.3-13', 'the next HMAC uses the next nonce'),
  server('SEC-5.4.3-14', 'the next HMAC uses the next nonce'),
  server('SEC-5.4.3-15', 'a later message without its HMAC ends the session'),
  client('SEC-5.4.3-16', 'a later message without its HMAC ends the session'),

  // §5.4.4 HMAC and nonce
  client('SEC-5.4.4-1', 'no two messages use one nonce'),
  server('SEC-5.4.4-2', 'no two messages use one nonce'),
  server('SEC-5.4.4-3', 'the HMAC of every message is checked'),
  client('SEC-5.4.4-4', 'the HMAC of every message is checked'),
  server('SEC-5.4.4-5', 'every message of the session with a right HMAC is answered with 200'),
  client('SEC-5.4.4-6', 'every message of the session with a right HMAC is answered with 200'),

  // §5.4.5 Transports with authentication
  server('SEC-5.4.5-1', 'a client that answers a challenge for HMAC with another type ends the session'),

  // §5.5.1.1 Transports with encryption
  server('SEC-5.5.1.1-1', 'TLS 1.0 and SSL 3.0 are supported', OBSOLETE),
  server('SEC-5.5.1.1-2', 'TLS 1.0 or SSL 3.0 is used', OBSOLETE),
  client('SEC-5.5.1.1-3', 'TLS 1.0 or SSL 3.0 is used', OBSOLETE),
  client('SEC-5.5.1.1-4', 'the client tells that the server uses TLS 1.0 or SSL 3.0', OBSOLETE),
  server('SEC-5.5.1.1-5', 'no session over SSL 2.0 or less', OBSOLETE),
  client('SEC-5.5.1.1-6', 'no session over SSL 2.0 or less', OBSOLETE),
  server('SEC-5.5.1.1-7', 'TLS with RSA, AES-128-CBC and SHA-1 is supported', OBSOLETE),
  server('SEC-5.5.1.1-8', 'TLS with RSA, 3DES-EDE-CBC and SHA-1 is supported', OBSOLETE),
  server('SEC-5.5.1.1-9', 'TLS with RSA, RC4-128 and SHA-1 is supported', OBSOLETE),
  client('SEC-5.5.1.1-10', 'one of the three TLS ciphers is supported', OBSOLETE),
  server('SEC-5.5.1.1-11', 'SSL 3.0 with RSA, RC4-128 and SHA-1 is supported', OBSOLETE),
  server('SEC-5.5.1.1-12', 'SSL 3.0 with RSA, 3DES-EDE-CBC and SHA-1 is supported', OBSOLETE),
  client('SEC-5.5.1.1-13', 'one of the two SSL 3.0 ciphers is supported', OBSOLETE),
  server('SEC-5.5.1.1-14', 'certificates are handled as the WAP profile of TLS says', HTTPS),
  client('SEC-5.5.1.1-15', 'certificates are handled as the WAP profile of TLS says', HTTPS),

  // §5.7.2 Bootstrap
  server('SEC-5.7.2.2-1', 'bootstrap is secured in a fitting way', BOOTSTRAP),
  server('SEC-5.7.2.2-2', 'the security of the transport is used where it fits', BOOTSTRAP),
  server('SEC-5.7.2.2-3', 'otherwise security that no transport gives is used', BOOTSTRAP),
  client('SEC-5.7.2.3-1', 'NETWORKID and USERPIN are supported', BOOTSTRAP),
  server('SEC-5.7.2.3-2', 'NETWORKID and USERPIN are supported', BOOTSTRAP),
  server('SEC-5.7.2.3.1-1', 'the transport of NETWORKID carries the HMAC and the document', BOOTSTRAP),
  server('SEC-5.7.2.3.1-2', 'the security type is NETWORKID', BOOTSTRAP),
  client('SEC-5.7.2.3.1-3', 'NETWORKID is supported', BOOTSTRAP),
  server('SEC-5.7.2.3.1-4', 'NETWORKID is supported', BOOTSTRAP),
  server('SEC-5.7.2.3.2-1', 'the PIN reaches the user by another way or before', BOOTSTRAP),
  server('SEC-5.7.2.3.2-2', 'the transport of USERPIN carries the HMAC and the document', BOOTSTRAP),
  server('SEC-5.7.2.3.2-3', 'the security type is USERPIN', BOOTSTRAP),
  client('SEC-5.7.2.3.2-4', 'USERPIN is supported', BOOTSTRAP),
  server('SEC-5.7.2.3.2-5', 'USERPIN is supported', BOOTSTRAP),
  server('SEC-5.7.2.3.3-1', 'the transport of USERPIN_NETWORKID carries the HMAC and the document', BOOTSTRAP),
  server('SEC-5.7.2.3.3-2', 'the security type is USERPIN_NETWORKID', BOOTSTRAP),

  // Appendix C, content that others sign or encrypt
  client('SEC-C-1', 'source of content and protocol stay apart', CONTENT),
  client('SEC-C-2', 'signatures with RSA and SHA-1 are supported', CONTENT),
  client('SEC-C-3', 'content beside a detached signature is found without its URI', CONTENT),
  server('SEC-C-4', 'Object has nothing but the content that is signed', CONTENT),
  server('SEC-C-5', 'no Object with a detached signature', CONTENT),
  server('SEC-C-6', 'Reference has Transforms, DigestMethod and DigestValue', CONTENT),
  server('SEC-C-7', 'DigestValue is base64', CONTENT),
  server('SEC-C-8', 'SignatureValue is base64', CONTENT),
  server('SEC-C-9', 'no Xpath in Transforms', CONTENT),
  server('SEC-C-10', 'Signature stands in Data', CONTENT),
  client('SEC-C-11', 'encryption with RSA and AES-128 is supported', CONTENT),
  server('SEC-C-12', 'content is signed first and encrypted whole', CONTENT),
  server('SEC-C-13', 'the encrypted tree stands in Data', CONTENT),
  server('SEC-C-14', 'content is encrypted with AES-128', CONTENT),
  server('SEC-C-15', 'its key is encrypted with RSA 1.5', CONTENT),
  server('SEC-C-16', 'KeyInfo stands in EncryptedData and in EncryptedKey', CONTENT),
];
