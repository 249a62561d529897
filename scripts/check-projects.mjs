/*
 * `npm run check-projects`: the package in the projects of its users: installed by npm and pnpm, required by CommonJS, tested by Jest (CommonJS,
 * ES modules, ts-jest) and Vitest, run by the other versions of Node; and the time from an empty folder to the first solution. The lock file
 * must serve `npm ci` on other systems, too.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, exit, hrtime } from 'node:process';
import { createChecks, packInto, quiet } from './packed.mjs';
import { root, say, tell } from './setup/shell.mjs';

const NODE_VERSIONS = [22, 24];
const PLATFORMS = [
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['win32', 'x64'],
  ['linux', 'arm64'],
];
const FIRST_SOLUTION_SECONDS = 60;
const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const sky = join(root, 'examples/orion.jpg');
const checks = createChecks();
const folder = mkdtempSync(join(tmpdir(), 'astro-jobs-projects-'));

/** A project of its own with these files and this package. */
function project(title, files, { install = ['npm', ...INSTALL], packages = [], type = 'module' } = {}) {
  const path = join(folder, title);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: title, private: true, type }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  cpSync(sky, join(path, 'orion.jpg'));
  const [program, ...args] = install;
  execFileSync(program, [...args, ...packages, tarball], { ...quiet, cwd: path });
  const run = (command, args, more = {}) =>
    execFileSync(command, args, { ...quiet, cwd: path, env: { ...env, ...more } });
  return { path, run };
}

const TEST = (imports) => `
  ${imports}
  test('a solved picture', async () => {
    const solver = new FixedSolver({ answer: { ra_deg: 84.15, dec_deg: -3, pixscale_arcsec: 30.56 } });
    const jobs = new AstroJobs({ store: new MemoryJobStore(), solver });
    const { job_id } = await jobs.submit('orion.jpg');
    const result = await jobs.wait(job_id);
    expect(result.ok).toBe(true);
    await jobs.close();
  });
`;
const IMPORTS = `import { AstroJobs, MemoryJobStore } from '${name}';\nimport { FixedSolver } from '${name}/testing';`;
const SOLVE = `
  const result = await analyze('orion.jpg', { solver: 'builtin' });
  if (!result.ok) throw new Error(result.error);
  console.log(result.astrometry.ra_center.toFixed(1));
`;
const expectPlace = (told) => {
  if (told.trim() !== '84.2' && told.trim() !== '84.1') throw new Error(told);
};

say('Packing');
const tarball = join(folder, packInto(folder).filename);
try {
  for (const [os, cpu] of PLATFORMS)
    checks.check(`npm ci finds every package of the lock file for ${os} ${cpu}`, () => {
      const lock = join(folder, `lock-${os}-${cpu}`);
      mkdirSync(join(lock, 'site'), { recursive: true });
      for (const file of ['package.json', 'package-lock.json', 'site/package.json'])
        cpSync(join(root, file), join(lock, file));
      execFileSync('npm', ['ci', '--ignore-scripts', '--dry-run', `--os=${os}`, `--cpu=${cpu}`], {
        ...quiet,
        cwd: lock,
      });
    });

  say('From an empty folder to the first solution');
  checks.check(`installed and solved within ${FIRST_SOLUTION_SECONDS} s, without astrometry.net`, () => {
    const begun = hrtime.bigint();
    const { path, run } = project('first', {});
    // No solver on the PATH, and a home without a cache.
    const told = run(
      execPath,
      ['node_modules/.bin/astro-jobs', 'solve', '--json', 'orion.jpg', '--jobs-dir', join(path, 'jobs')],
      {
        PATH: '/nowhere',
        HOME: path,
        ASTRO_CACHE_DIR: join(path, 'cache'),
      },
    );
    const seconds = Number(hrtime.bigint() - begun) / 1e9;
    tell(`${seconds.toFixed(1)} s`);
    if (JSON.parse(told).ok !== true) throw new Error(told);
    if (seconds > FIRST_SOLUTION_SECONDS) throw new Error(`${seconds} s`);
  });

  say('Module systems and versions of Node');
  const hosts = {
    'esm.mjs': `import { analyze } from '${name}';\n${SOLVE}`,
    'required.cjs': `const { analyze } = require('${name}');\n(async () => {${SOLVE}})();`,
  };
  const { run: host } = project('hosts', hosts, {
    packages: NODE_VERSIONS.map((version) => `node${version}@npm:node@${version}`),
  });
  for (const file of Object.keys(hosts)) {
    checks.check(`${file} solves`, () => expectPlace(host(execPath, [file])));
    for (const version of NODE_VERSIONS)
      checks.check(`${file} solves on Node ${version}`, () =>
        expectPlace(host(join('node_modules', `node${version}`, 'bin/node'), [file])),
      );
  }
  const { run: pnpm } = project('pnpm', hosts, { install: ['npx', '--yes', 'pnpm@10', 'add'] });
  checks.check('installed by pnpm it solves', () => expectPlace(pnpm(execPath, ['esm.mjs'])));

  say('Jest and Vitest');
  const jest = ['node_modules/jest/bin/jest.js', '--rootDir', '.'];
  const modules = { NODE_OPTIONS: '--experimental-vm-modules' };
  const { run: esm } = project(
    'jest-esm',
    { 'app.test.js': TEST(IMPORTS), 'jest.config.mjs': 'export default { transform: {} };' },
    { packages: ['jest@30'] },
  );
  checks.check('Jest with ES modules', () => esm(execPath, jest, modules));
  const { run: cjs } = project(
    'jest-commonjs',
    {
      'app.test.js': TEST('').replace(
        "test('a solved picture', async () => {",
        `test('a solved picture', async () => {
          const { AstroJobs, MemoryJobStore } = await import('${name}');
          const { FixedSolver } = await import('${name}/testing');`,
      ),
    },
    { packages: ['jest@30'], type: 'commonjs' },
  );
  checks.check('Jest with CommonJS', () => cjs(execPath, jest, modules));
  const { run: typed } = project(
    'jest-typescript',
    {
      'app.test.ts': TEST(IMPORTS),
      'jest.config.mjs': readFileSync(join(root, 'docs/guides/testing.md'), 'utf8').match(
        /```js \[jest\.config\.mjs\]\n([\s\S]*?)```/,
      )[1],
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          module: 'nodenext',
          target: 'es2023',
          isolatedModules: true,
          types: ['jest', 'node'],
        },
      }),
    },
    { packages: ['jest@30', 'ts-jest@29', 'typescript@5.9', '@types/jest@30', '@types/node@20'] },
  );
  checks.check('ts-jest, configured as docs/guides/testing.md says', () => typed(execPath, jest, modules));
  const { run: vitest } = project(
    'vitest',
    { 'app.test.js': TEST(`import { expect, test } from 'vitest';\n${IMPORTS}`) },
    { packages: ['vitest@4'] },
  );
  checks.check('Vitest', () => vitest(execPath, ['node_modules/vitest/vitest.mjs', 'run']));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(checks.summary);
exit(checks.status);
