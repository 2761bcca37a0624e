/** What a person types as a URI or a name of a node (OMA-TS-DM_TND-V1_2_1 §5 and §7.7.3). Pure. */

/** Why it is no URI from the root; undefined where it is one. */
export function refuseUri(uri: string): string | undefined {
  if (!/^\.(\/|$)/.test(uri)) return 'A URI begins at the root, as ./Vendor/Setting does.';
  if (
    uri
      .split('/')
      .slice(1)
      .some(name => refuseName(name) !== undefined)
  )
    return 'Each segment needs a name.';
  return undefined;
}

/** Why it is no name of a node; undefined where it is one. */
export function refuseName(name: string): string | undefined {
  if (name === '') return 'A node needs a name.';
  if (/[/?#\0]/.test(name)) return 'A name has no /, ? or # in it.';
  return name === '.' || name === '..' ? 'A name is not made of dots alone.' : undefined;
}
