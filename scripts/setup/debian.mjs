import { existsSync } from 'node:fs';
import { run, say, succeeds, tell, which } from './shell.mjs';

/** How this process may act as root: the words to put before a command; undefined when it may not, or only by a password. */
function privilege() {
  if (process.getuid?.() === 0) return [];
  return which('sudo') && succeeds('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}

/** How long apt waits for the locks of package lists and of dpkg; without this it fails at once. */
const LOCK_SECONDS = 600;
const WAIT_FOR_LOCK = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`];

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs Debian packages, asking nothing, and leaves no service running: Debian starts a server that it
 * installs unless a `policy-rc.d` forbids it.
 * @returns whether it could be tried; when not, the words for it have been said.
 */
export async function installDebianPackages(packages) {
  if (!which('apt-get')) return false;
  const prefix = privilege();
  if (!prefix) return false;
  const asRoot = (...command) => {
    const [program, ...args] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'LC_ALL=C.UTF-8',
      ...command,
    ];
    return run(program, args);
  };

  say(`Installing by apt: ${packages.join(' ')}`);
  tell(`apt waits up to ${LOCK_SECONDS / 60} minutes for other programs that install`);
  const forbid = !existsSync(POLICY);
  if (forbid) await asRoot('sh', '-c', `printf '#!/bin/sh\\nexit 101\\n' > ${POLICY} && chmod 755 ${POLICY}`);
  try {
    if ((await asRoot('apt-get', '-q', ...WAIT_FOR_LOCK, 'update')) !== 0)
      tell('apt-get update failed; trying with what it knows');
    const args = [
      '-q',
      '-y',
      '--no-install-recommends',
      ...WAIT_FOR_LOCK,
      '-o',
      'Dpkg::Use-Pty=0',
      'install',
      ...packages,
    ];
    if ((await asRoot('apt-get', ...args)) !== 0) tell('apt-get install failed; its reason stands above');
  } finally {
    if (forbid) await asRoot('rm', '-f', POLICY);
  }
  const servers = packages.filter((name) => ['postgresql', 'redis-server'].includes(name));
  if (servers.length > 0 && existsSync('/run/systemd/system')) {
    await asRoot('systemctl', '--quiet', 'disable', '--now', ...servers);
  }
  return true;
}
