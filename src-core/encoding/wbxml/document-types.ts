/** All document types that are read and written here. */
import type { DocumentType } from './code-pages.ts';
import { DEVINF_1_0, DEVINF_1_1, DEVINF_1_2 } from './types/devinf.ts';
import { DM_DDF_1_2 } from './types/dm-ddf.ts';
import { METINF_1_2 } from './types/metinf.ts';
import { PROV_1_0 } from './types/prov.ts';
import { SYNCML_1_0, SYNCML_1_1, SYNCML_1_2 } from './types/syncml.ts';

/** Where several have one root element and namespace, the first is what is written. */
export const DOCUMENT_TYPES: readonly DocumentType[] = [
  SYNCML_1_2,
  SYNCML_1_1,
  SYNCML_1_0,
  METINF_1_2,
  DEVINF_1_2,
  DEVINF_1_1,
  DEVINF_1_0,
  DM_DDF_1_2,
  PROV_1_0,
];
