/** An AT command line taken apart into its commands (V.250 §5.2 to §5.4). */

/** One command: a basic one (`E0`, `&F`, `S3=13`, `D` with its rest) or an extended one up to its semicolon. */
const BASIC = /^(D[^;]*|S\d+(?:=\d*|\?)?|&?[A-Z]\d*)/;
const EXTENDED = /^[+^*%$#](?:"[^"]*"?|[^";])*/;

/**
 * Commands of a line, in order, as `AtResponses` names them; undefined where the line does not begin with `AT`, which a
 * modem ignores. What cannot be read becomes the last command, as it stands: nobody knows it.
 */
export function parseCommandLine(line: string): readonly string[] | undefined {
  const text = normalize(line);
  if (!text.startsWith('AT')) return undefined;
  const commands: string[] = [];
  let rest = text.slice('AT'.length);
  if (rest === '') return [''];
  while (rest !== '') {
    const basic = BASIC.exec(rest)?.[0];
    const command = basic ?? EXTENDED.exec(rest)?.[0] ?? rest;
    commands.push(basic && /^&?[A-Z]\d*$/.test(basic) ? withNumber(basic) : command);
    rest = rest.slice(command.length).replace(/^;/, '');
  }
  return commands;
}

/** Capitals and no blanks, save in quotes (V.250 §5.2.1). */
function normalize(line: string): string {
  return line.replace(/("[^"]*"?)|([^"]+)/g, (_, quoted?: string, plain?: string) =>
    quoted === undefined ? (plain ?? '').replaceAll(' ', '').toUpperCase() : quoted,
  );
}

/** A basic command without a number means 0, and leading zeros mean nothing (V.250 §5.3.1). */
function withNumber(command: string): string {
  const letters = command.replace(/\d+$/, '');
  return `${letters}${Number(command.slice(letters.length))}`;
}
