/** Which nodes hold what nobody should read, by their names: those of DM accounts (OMA-TS-DM_StdObj-V1_2_1 §5.3.1), and what vendors call alike. Pure. */

/** Words that such a name ends with; a source for regular expressions. */
export const SECRET_ENDINGS = '(?:secret|password|passwd|passphrase|pwd|pin)';

const SECRET = new RegExp(`^AAuthData$|${SECRET_ENDINGS}$`, 'i');
const OF_ACCOUNT = /^AAuth(?:Secret|Data)$/i;

export const isSecretName = (name: string): boolean => SECRET.test(name);

/** The name that makes the value at this URI a secret. Properties of such a node are none. */
export function secretNameIn(uri: string): string | undefined {
  const [path = '', query = ''] = uri.split('?');
  if (query.startsWith('prop=')) return undefined;
  const names = path.split('/');
  return names.find((name, i) => (i === names.length - 1 ? isSecretName(name) : OF_ACCOUNT.test(name)));
}
