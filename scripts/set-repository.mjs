/*
 * Run in the folder of a package.json, by the workflow that publishes: `repository`, `homepage` and `bugs` become those of the repository that it
 * runs in. npm compares `repository` with the signed provenance, and resolves the links and pictures of the README by it.
 */
import { execFileSync } from 'node:child_process';
import { env, exit } from 'node:process';

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
if (!/^https:\/\/[\w.-]+$/.test(server ?? '') || !/^[\w.-]+\/[\w.-]+$/.test(repository ?? '')) {
  console.error(
    'GITHUB_SERVER_URL and GITHUB_REPOSITORY must say which repository this is: they do in a workflow',
  );
  exit(1);
}
const address = `${server}/${repository}`;
const fields = {
  'repository.type': 'git',
  'repository.url': `git+${address}.git`,
  homepage: `${address}#readme`,
  'bugs.url': `${address}/issues`,
};
execFileSync('npm', ['pkg', 'set', ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)], {
  stdio: 'inherit',
});
