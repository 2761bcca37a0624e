/** A client provisioning document (OMA-WAP-TS-ProvCont): taken in as XML or WBXML, kept as WBXML, told line by line. */
import { EncodingError } from '../base/errors.ts';
import { childElements, type MarkupElement } from '../encoding/markup.ts';
import { fromXml } from '../encoding/wbxml/from-xml.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { PROV_1_0 } from '../encoding/wbxml/types/prov.ts';
import { writeWbxml } from '../encoding/wbxml/writer.ts';
import { readXml } from '../encoding/xml/reader.ts';

/** The document as a card holds it, from XML or WBXML, which stays as it is. @throws EncodingError for what is no such document. */
export function cpDocument(bytes: Uint8Array): Uint8Array {
  const [version = 0] = bytes;
  if (version >= 1 && version <= 3) {
    // Its head must say what it is: on a card nothing else does.
    checked(readWbxml(bytes).root);
    return bytes;
  }
  return writeWbxml(fromXml(checked(readXml(bytes)), PROV_1_0), PROV_1_0);
}

/** @throws EncodingError */
export function readCpDocument(bytes: Uint8Array): MarkupElement {
  return checked(readWbxml(bytes, { assumed: PROV_1_0 }).root);
}

export interface CpFact {
  /** `NAPDEF · NAP-ADDRESS`, with as much indentation as characteristics around it. */
  readonly name: string;
  readonly value: string;
  /** Not to be shown. */
  readonly secret: boolean;
}

/**
 * Parameters that anybody may read, of OMA-WAP-TS-ProvCont §4.6 and the application characteristics: addresses, names and what they
 * refer to. All others may be keys: of a network, of an application, of a vendor's own.
 */
const OPEN: ReadonlySet<string> = new Set(
  `NAME NAPID TO-NAPID NAP-ADDRESS NAP-ADDRTYPE BEARER INTERNET CALLTYPE DNS-ADDR LOCAL-ADDR LOCAL-ADDRTYPE VALIDUNTIL
   PROVIDER-ID APPID TO-PROXY PROXY-ID PROXY-PROVIDER-ID DOMAIN TRUST MASTER STARTPAGE BASAUTH-ID PHYSICAL-PROXY-ID
   PXADDR PXADDRTYPE PXADDR-FQDN PUSHENABLED PULLENABLED WSP-VERSION PORTNBR SERVICE ADDR ADDRTYPE
   AUTHTYPE AUTHNAME AAUTHTYPE AAUTHLEVEL AAUTHNAME INIT PROTOCOL-VERSION CLIENT-ID CONTEXT-ALLOW`.split(/\s+/),
);

/** Every characteristic and parameter in the order of the document. */
export function cpFacts(root: MarkupElement, depth = 0): CpFact[] {
  const indent = '  '.repeat(depth);
  return childElements(root).flatMap((inner): CpFact[] => {
    if (inner.name !== 'parm') {
      const title = { name: `${indent}${attribute(inner, 'type')}`, value: '', secret: false };
      return [title, ...cpFacts(inner, depth + 1)];
    }
    const [name, value] = [attribute(inner, 'name'), attribute(inner, 'value')];
    return [{ name: `${indent}${name}`, value, secret: value !== '' && !OPEN.has(name.toUpperCase()) }];
  });
}

function attribute({ attributes }: MarkupElement, name: string): string {
  return attributes?.find(candidate => candidate.name === name)?.value ?? '';
}

function checked(root: MarkupElement): MarkupElement {
  if (root.name === 'wap-provisioningdoc') return root;
  throw new EncodingError('not-provisioning', `the root element is ${root.name}, not wap-provisioningdoc`, 0, {
    advice: 'Give a client provisioning document',
  });
}
