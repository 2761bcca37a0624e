/** OMA DM DDF 1.2, also the encoding of TNDS (OMA-TS-DM_TND-V1_2_1 §10). */
import { type DocumentType, tagPage } from '../code-pages.ts';

export const DMDDF_NAMESPACE = 'syncml:dmddf1.2';

export const dmddf = tagPage(
  DMDDF_NAMESPACE,
  `AccessType ACL Add b64 bin bool chr CaseSense CIS Copy CS date DDFName DefaultValue Delete Description DFFormat
   DFProperties DFTitle DFType Dynamic Exec float Format Get int Man MgmtTree MIME Mod Name Node node NodeName null
   Occurrence One OneOrMore OneOrN Path Permanent Replace RTProperties Scope Size time Title TStamp Type Value VerDTD
   VerNo xml ZeroOrMore ZeroOrN ZeroOrOne`,
);

/** TND §10.1 gives the tags code page 02; encoders in the field also use page 00 for a document of its own. */
export const DM_DDF_1_2: DocumentType = {
  name: 'DM DDF 1.2',
  publicId: '-//OMA//DTD-DM-DDF 1.2//EN',
  root: 'MgmtTree',
  pages: new Map([
    [2, dmddf],
    [0, dmddf],
  ]),
};
