/*
 * `npm run demo`: installs the npm packages, submits the example photograph, shows it being solved, prints the
 * result and says where the picture with its objects is. The jobs stay in ./demo-jobs for a closer look.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cwd, execPath, exit } from 'node:process';
import { root, run, say, tell } from './setup/shell.mjs';
import { build, setup } from './setup.mjs';

const IMAGE = 'examples/orion.jpg';
const env = { JOBS_DIR: join(root, 'demo-jobs') };
const main = join(root, 'dist/cli/main.js');
const command = (...args) => `astro-jobs ${args.join(' ')}`;

await setup();
await build();

const submission = ['submit', '--image', IMAGE, '--annotate'];
say(command(...submission));
const submitted = spawnSync(execPath, [main, ...submission], {
  cwd: root,
  env: { ...process.env, ...env },
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.stdout.write(submitted.stdout);
if (submitted.status !== 0) exit(submitted.status ?? 1);
const id = JSON.parse(submitted.stdout).job_id;

say(command('wait', '--job-id', id));
const status = await run(execPath, [main, 'wait', '--job-id', id], { env });
if (status !== 0) {
  say('It was not solved. What this machine lacks:');
  await run(execPath, [main, 'doctor'], { env });
  tell(`The log: ${command('logs', '--job-id', id)}`);
  exit(status);
}

const picture = join(env.JOBS_DIR, id, 'output/annotated.jpg');
if (!existsSync(picture)) {
  say(`The annotated picture is missing: ${picture}`);
  exit(1);
}
say('Solved. The picture with its objects named:');
tell(relative(cwd(), picture));
say('Next: your own photograph');
tell('npx astro-jobs solve --image PATH --jobs-dir demo-jobs');
