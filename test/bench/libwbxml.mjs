/** libwbxml as a reference for the codec bench. */
import { LIBWBXML_ADVICE, LibwbxmlProgram } from '../support/libwbxml/program.ts';

/** Null, with the reason on standard error, where it cannot be compiled here. */
export function openLibwbxml() {
  let program;
  try {
    program = new LibwbxmlProgram();
  } catch (error) {
    console.error(`bench: no baseline: ${error.message}`);
    console.error(`bench: ${LIBWBXML_ADVICE}`);
    return null;
  }
  return {
    /** Microseconds for one conversion each way. */
    async measure(bytes, runs) {
      const toXml = await program.toXml(bytes, runs);
      const toWbxml = await program.toWbxml(toXml.bytes, { version: '1.2', stringTable: false }, runs);
      return { toXml: toXml.microseconds, toWbxml: toWbxml.microseconds };
    },
    close: () => program.close(),
  };
}
