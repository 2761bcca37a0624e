/** System programs that the tests drive: found by the files they install, installed on Debian and Ubuntu where that is allowed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasProgram, say } from './files.mjs';

const PCSC_DRIVERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].map(
  lib => `${lib}/pcsc/drivers/serial/libifdvpcd.so`,
);

/** Debian's name, what it is for, how to tell that it is there, and what it is called elsewhere. */
const PACKAGES = [
  { name: 'pcscd', use: 'PC/SC daemon', here: () => hasProgram('pcscd'), elsewhere: 'pcsc-lite' },
  {
    name: 'vsmartcard-vpcd',
    use: 'virtual card reader of pcscd',
    here: () => PCSC_DRIVERS.some(file => existsSync(file)),
    elsewhere: 'the virtual smart card project (vsmartcard), part "virtualsmartcard"',
  },
  {
    name: 'opensc',
    use: 'independent reader of PKCS#15 cards to compare with',
    here: () => hasProgram('opensc-explorer'),
    elsewhere: 'OpenSC',
  },
  { name: 'socat', use: 'pairs of pseudo-terminals', here: () => hasProgram('socat'), elsewhere: 'socat' },
  { name: 'chromium', use: 'browser that the tests drive', here: () => hasProgram('chromium'), elsewhere: 'chromium' },
  {
    name: 'libwbxml2-utils',
    use: 'independent WBXML codec to compare with',
    here: () => hasProgram('wbxml2xml'),
    elsewhere: 'libwbxml (its programs wbxml2xml and xml2wbxml)',
  },
  { name: 'xvfb', use: 'display without a screen', here: () => hasProgram('Xvfb'), elsewhere: 'Xvfb (X.Org server)' },
];

/** What the tests need and this machine lacks. `compiler` adds what the PC/SC binding is compiled with. */
export function missingPackages(compiler) {
  const extra = compiler.map(name => ({
    name,
    use: 'to compile the PC/SC binding',
    here: () => (name === 'libpcsclite-dev' ? existsSync('/usr/include/PCSC/winscard.h') : hasProgram(name)),
    elsewhere: name === 'libpcsclite-dev' ? 'the headers of pcsc-lite' : name,
  }));
  return [...PACKAGES, ...extra].filter(entry => !entry.here());
}

/** Installs the packages with apt-get where this user may, and returns those still missing. */
export function installPackages(missing) {
  const sudo = aptPrefix();
  if (!sudo) return missing;
  const names = missing.map(entry => entry.name);
  say(`installing Debian packages: ${names.join(' ')}`);
  const apt = parameters => {
    const [command, ...rest] = [...sudo, 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300', ...parameters];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  };
  const update = apt(['update']);
  if (update.status !== 0) say(`apt-get update failed: ${lastLine(update)}`);
  const get = list => apt(['install', '--yes', '--no-install-recommends', ...list]);
  if (get(names).status !== 0) {
    // One unknown name stops them all: get what there is, and name what there is not.
    for (const name of names) {
      const result = get([name]);
      if (result.status !== 0) say(`apt-get could not install ${name}: ${lastLine(result)}`);
    }
  }
  return missing.filter(entry => !entry.here());
}

/** Lines that tell the person what is missing and how to get it. */
export function adviceFor(missing) {
  const lines = missing.map(entry => `missing: ${entry.name} (${entry.use})`);
  if (hasProgram('apt-get')) {
    lines.push(
      `get it with: sudo apt-get install --no-install-recommends ${missing.map(entry => entry.name).join(' ')}`,
    );
  } else {
    lines.push(`get it from this system's packages: ${missing.map(entry => entry.elsewhere).join('; ')}`);
  }
  return lines;
}

/** The words before apt-get: none for root, sudo where it asks for no password (it drops the environment), undefined for neither. */
function aptPrefix() {
  if (process.platform !== 'linux' || !hasProgram('apt-get')) return undefined;
  if (process.getuid() === 0) return [];
  if (!hasProgram('sudo') || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return undefined;
  return ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'];
}

function lastLine(result) {
  return (result.stderr ?? result.error?.message ?? '').trim().split('\n').at(-1);
}
