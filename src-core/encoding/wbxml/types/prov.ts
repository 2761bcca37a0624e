/** Client provisioning document PROV 1.0 with the tables of OMA-WAP-TS-ProvCont-V1_1 §7: page 00 as in WAP-183, page 01 of OMA. */
import { attributePage, type DocumentType, tagPage } from '../code-pages.ts';

export const PROV_1_0: DocumentType = {
  name: 'PROV 1.0',
  publicId: '-//WAPFORUM//DTD PROV 1.0//EN',
  publicIdNumber: 0x0b,
  version: '1.3',
  root: 'wap-provisioningdoc',
  pages: new Map([
    [0, tagPage('', 'wap-provisioningdoc characteristic parm')],
    [1, tagPage('', '- characteristic parm')],
  ]),
  attributePages: new Map([
    [
      0,
      attributePage(
        [
          [
            0x05,
            `name value name=NAME name=NAP-ADDRESS name=NAP-ADDRTYPE name=CALLTYPE name=VALIDUNTIL name=AUTHTYPE
             name=AUTHNAME name=AUTHSECRET name=LINGER name=BEARER name=NAPID name=COUNTRY name=NETWORK name=INTERNET
             name=PROXY-ID name=PROXY-PROVIDER-ID name=DOMAIN name=PROVURL name=PXAUTH-TYPE name=PXAUTH-ID
             name=PXAUTH-PW name=STARTPAGE name=BASAUTH-ID name=BASAUTH-PW name=PUSHENABLED name=PXADDR name=PXADDRTYPE
             name=TO-NAPID name=PORTNBR name=SERVICE name=LINKSPEED name=DNLINKSPEED name=LOCAL-ADDR
             name=LOCAL-ADDRTYPE name=CONTEXT-ALLOW name=TRUST name=MASTER name=SID name=SOC name=WSP-VERSION
             name=PHYSICAL-PROXY-ID name=CLIENT-ID name=DELIVERY-ERR-SDU name=DELIVERY-ORDER name=TRAFFIC-CLASS
             name=MAX-SDU-SIZE name=MAX-BITRATE-UPLINK name=MAX-BITRATE-DNLINK name=RESIDUAL-BER name=SDU-ERROR-RATIO
             name=TRAFFIC-HANDL-PRIO name=TRANSFER-DELAY name=GUARANTEED-BITRATE-UPLINK name=GUARANTEED-BITRATE-DNLINK
             name=PXADDR-FQDN name=PROXY-PW name=PPGAUTH-TYPE`,
          ],
          [
            0x45,
            `version version=1.0 name=PULLENABLED name=DNS-ADDR name=MAX-NUM-RETRY name=FIRST-RETRY-TIMEOUT
             name=REREG-THRESHOLD name=T-BIT - name=AUTH-ENTITY name=SPI`,
          ],
          [
            0x50,
            `type type=PXLOGICAL type=PXPHYSICAL type=PORT type=VALIDITY type=NAPDEF type=BOOTSTRAP type=VENDORCONFIG
             type=CLIENTIDENTITY type=PXAUTHINFO type=NAPAUTHINFO type=ACCESS`,
          ],
        ],
        [
          [0x85, 'IPV4 IPV6 E164 ALPHA APN SCODE TETRA-ITSI MAN'],
          [0x90, 'ANALOG-MODEM V.120 V.110 X.31 BIT-TRANSPARENT DIRECT-ASYNCHRONOUS-DATA-SERVICE'],
          [0x9a, 'PAP CHAP HTTP-BASIC HTTP-DIGEST WTLS-SS MD5'],
          [
            0xa2,
            `GSM-USSD GSM-SMS ANSI-136-GUTS IS-95-CDMA-SMS IS-95-CDMA-CSD IS-95-CDMA-PACKET ANSI-136-CSD ANSI-136-GPRS
             GSM-CSD GSM-GPRS AMPS-CDPD PDC-CSD PDC-PACKET IDEN-SMS IDEN-CSD IDEN-PACKET FLEX/REFLEX PHS-SMS PHS-CSD
             TRETRA-SDS TRETRA-PACKET ANSI-136-GHOST MOBITEX-MPAK CDMA2000-1X-SIMPLE-IP CDMA2000-1X-MOBILE-IP`,
          ],
          [0xc5, 'AUTOBAUDING'],
          [
            0xca,
            `CL-WSP CO-WSP CL-SEC-WSP CO-SEC-WSP CL-SEC-WTA CO-SEC-WTA OTA-HTTP-TO OTA-HTTP-TLS-TO OTA-HTTP-PO
             OTA-HTTP-TLS-PO`,
          ],
          [0xe0, 'AAA HA'],
        ],
      ),
    ],
    [
      1,
      attributePage(
        [
          [0x05, 'name value name=NAME'],
          [0x14, 'name=INTERNET'],
          [0x1c, 'name=STARTPAGE'],
          [0x22, 'name=TO-NAPID name=PORTNBR name=SERVICE'],
          [
            0x2e,
            `name=AACCEPT name=AAUTHDATA name=AAUTHLEVEL name=AAUTHNAME name=AAUTHSECRET name=AAUTHTYPE name=ADDR
             name=ADDRTYPE name=APPID name=APROTOCOL name=PROVIDER-ID name=TO-PROXY name=URI name=RULE`,
          ],
          [0x50, 'type - - type=PORT - type=APPLICATION type=APPADDR type=APPAUTH type=CLIENTIDENTITY type=RESOURCE'],
        ],
        [
          [0x86, 'IPV6 E164 ALPHA'],
          [0x8d, 'APPSRV OBEX'],
          [0x90, ', HTTP- BASIC DIGEST'],
        ],
      ),
    ],
  ]),
};
