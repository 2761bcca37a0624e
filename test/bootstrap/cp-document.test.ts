/** A CP document tells its values only where they are known to be no secret. */
import { describe, expect, it } from 'vitest';
import { cpDocument, cpFacts, readCpDocument } from '../../src-core/bootstrap/cp-document.ts';

const parm = (name: string, value: string) => `<parm name="${name}" value="${value}"/>`;
const factsOf = (inner: string) =>
  cpFacts(
    readCpDocument(cpDocument(new TextEncoder().encode(`<wap-provisioningdoc>${inner}</wap-provisioningdoc>`))),
  ).map(({ name, value, secret }) => (secret ? `${name} (hidden)` : `${name} ${value}`.trimEnd()));

describe('facts of a CP document', () => {
  it('show addresses, names and references', () => {
    expect(
      factsOf(
        `<characteristic type="NAPDEF">${parm('NAPID', 'NET')}${parm('NAP-ADDRESS', 'internet')}
         ${parm('AUTHTYPE', 'PAP')}</characteristic>
         <characteristic type="APPLICATION">${parm('APPID', 'w7')}${parm('PROVIDER-ID', 'dm.example')}
         <characteristic type="APPADDR">${parm('ADDR', 'http://dm.example/')}</characteristic></characteristic>`,
      ),
    ).toEqual([
      'NAPDEF',
      '  NAPID NET',
      '  NAP-ADDRESS internet',
      '  AUTHTYPE PAP',
      'APPLICATION',
      '  APPID w7',
      '  PROVIDER-ID dm.example',
      '  APPADDR',
      '    ADDR http://dm.example/',
    ]);
  });

  it.each([
    ...['AUTHSECRET', 'AAUTHSECRET', 'AAUTHDATA', 'PXAUTH-PW', 'PAPPW', 'authsecret'],
    ...['WPA-PRES-KEY-ASC', 'WPA-PRES-KEY-HEX', 'DATA', 'PASSPHRASE', 'PASSWD', 'PRESHAREDKEY', 'X-VENDOR-WHATEVER'],
  ])('hide %s, as all that is not known to be open', name => {
    expect(factsOf(`<characteristic type="WLAN">${parm(name, 'k3y')}${parm(name, '')}</characteristic>`)).toEqual([
      'WLAN',
      `  ${name} (hidden)`,
      `  ${name}`,
    ]);
  });
});
