/*
 * Installs what is missing, asking nothing: `node scripts/setup.mjs` the npm packages, with which the library solves; `--test` what the
 * tests check against as well, solve-field among it. Plain Node without packages, since it runs before there are any.
 */
import { argv, env, exit, versions } from 'node:process';
import { pathToFileURL } from 'node:url';
import { installDebianPackages } from './setup/debian.mjs';
import { SOLVER, TEST_TOOLS } from './setup/needs.mjs';
import { installNpmPackages } from './setup/npm-packages.mjs';
import { must, root, say, tell } from './setup/shell.mjs';

const [major, minor] = versions.node.split('.').map(Number);
const absent = (needs) => needs.filter((need) => !need.present());

const packagesOf = (needs) => [...new Set(needs.map((need) => need.package))];

function explain(needs) {
  for (const need of needs) tell(`${need.what}\n  Debian, Ubuntu: ${need.package} · ${need.elsewhere}`);
  tell(`On Debian or Ubuntu all of it, as root:\n  apt-get install -y ${packagesOf(needs).join(' ')}`);
}

/** Ends the process, with words on what to install, when something that is needed cannot be had. */
export async function setup({ test = false } = {}) {
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node 20.19 or newer is needed, and this is ${versions.node}: see https://nodejs.org/en/download`);
    exit(1);
  }
  await installNpmPackages();

  if (!test) return;

  const wanted = [...SOLVER, ...TEST_TOOLS];
  const missing = absent(wanted);
  if (missing.length === 0) return;
  await installDebianPackages(packagesOf(missing));

  const needed = absent(env.CI ? wanted : SOLVER);
  if (needed.length > 0) {
    say('This could not be installed from here (no apt, or no root). Please install:');
    explain(needed);
    exit(1);
  }
  const leftOut = absent(wanted);
  if (leftOut.length > 0) {
    say('LEFT OUT: the tests against these do not run on this machine, since they are not installed:');
    explain(leftOut);
  }
}

/** TypeScript to dist, and whatever else the package's own build makes. */
export async function build() {
  say('Building');
  await must('npm', ['run', '--silent', 'build'], { cwd: root });
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  await setup({ test: argv.includes('--test') });
  say('Everything needed is installed');
}
