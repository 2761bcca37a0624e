/** Versions of the DM protocol spoken here, newest first, and what their headers say (OMA-TS-DM_Protocol §8.3 of each). */

export interface ProtocolVersion {
  readonly verDTD: string;
  readonly verProto: string;
}

export const DM_1_3: ProtocolVersion = { verDTD: '1.2', verProto: 'DM/1.3' };
export const DM_1_2: ProtocolVersion = { verDTD: '1.2', verProto: 'DM/1.2' };
/** DM 1.1.2 calls itself DM/1.1. */
export const DM_1_1: ProtocolVersion = { verDTD: '1.1', verProto: 'DM/1.1' };

export const VERSIONS: readonly ProtocolVersion[] = [DM_1_3, DM_1_2, DM_1_1];

/** Status for a header of that version: 505 for the representation (VerDTD), 513 for the protocol (VerProto). */
export function versionRefusal(header: ProtocolVersion): 505 | 513 | undefined {
  const dtd = VERSIONS.filter(version => version.verDTD === header.verDTD);
  if (dtd.length === 0) return 505;
  return dtd.some(version => version.verProto === header.verProto) ? undefined : 513;
}
