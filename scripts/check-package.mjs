/*
 * The package as its users get it: packed, installed into an empty project, every entry imported, its types
 * compiled against by a strict TypeScript consumer, its program run.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, exit } from 'node:process';
import { buildSync } from 'esbuild';
import { createChecks, packInto, quiet } from './packed.mjs';
import { root, say, tell } from './setup/shell.mjs';
import { bundledPackages, ownSources, THIRD_PARTY_FILE } from './third-party.mjs';

const MAX_PACKED_BYTES = 12e6;
const MAX_INSTALLED_BYTES = 50e6;
const MAX_PACKAGES = 40;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => manifest.name + path.slice(1));
/** As docs/bundlers.md says. */
const BUNDLED = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  external: ['sharp', '@jsquash/jxl', 'libheif-js', '@opentelemetry/api', 'satellite.js'],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
};
const HOST = `
  import { analyze } from '${manifest.name}';
  const result = await analyze(process.argv[2], { solver: 'builtin' });
  console.log(result.ok);
`;
const checks = createChecks();
const check = checks.check;

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => lstatSync(join(folder, name)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

const project = mkdtempSync(join(tmpdir(), 'astro-jobs-package-'));
try {
  say('Packing');
  const tarball = packInto(project);
  check(`packed in ${(tarball.size / 1e6).toFixed(2)} MB, at most ${MAX_PACKED_BYTES / 1e6}`, () => {
    if (tarball.size > MAX_PACKED_BYTES) throw new Error(`${tarball.size} bytes`);
  });

  say('Installing into an empty project');
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', type: 'module', private: true }),
  );
  const peers = Object.keys(manifest.peerDependencies ?? {}).map(
    (name) => `${name}@${manifest.devDependencies?.[name] ?? manifest.peerDependencies[name]}`,
  );
  // A strict project needs the types of what public signatures name: Node's, and those of the PostgreSQL driver.
  const types = ['typescript', '@types/node', '@types/pg'].map(
    (name) => `${name}@${manifest.devDependencies[name]}`,
  );
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
  execFileSync('npm', [...install, join(project, tarball.filename)], { ...quiet, cwd: project });

  const node = (code) =>
    execFileSync(execPath, ['--input-type=module', '--eval', code], { ...quiet, cwd: project });
  check('the main entry imports without any optional peer', () => node(`await import('${manifest.name}')`));
  check('jobs open on the memory store and close', () =>
    node(`
      import { AstroJobs, MemoryJobStore } from '${manifest.name}';
      const jobs = new AstroJobs({ store: new MemoryJobStore() });
      const { jobs: none } = await jobs.list();
      await jobs.close();
      if (none.length !== 0) throw new Error('expected no jobs');
    `),
  );
  const sky = join(root, 'examples', 'orion.jpg');
  check('a host that is bundled by esbuild solves a picture', () => {
    writeFileSync(join(project, 'host.mjs'), HOST);
    buildSync({
      ...BUNDLED,
      absWorkingDir: project,
      entryPoints: ['host.mjs'],
      outfile: join(project, 'out', 'host.mjs'),
    });
    const told = execFileSync(execPath, [join(project, 'out', 'host.mjs'), sky], { ...quiet, cwd: root });
    if (told.trim() !== 'true') throw new Error(told);
  });
  check('the main entry loads neither sharp nor execa, fitsjs, locks or patterns', () => {
    const loaded = node(`
      import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(\`
        import { writeSync } from 'node:fs';
        export async function load(url, context, next) {
          writeSync(1, url + ' ');
          return next(url, context);
        }\`));
      await import('${manifest.name}');
    `);
    if (!loaded.includes(`${manifest.name}/dist/index.js`)) throw new Error(`not listed: ${loaded}`);
    if (/node_modules\/(sharp|execa|fitsjs|proper-lockfile)\/|\/dist\/chunks\/dist-/.test(loaded))
      throw new Error(loaded);
  });
  const installed = join(project, 'node_modules', manifest.name);
  check(`installed with its dependencies in at most ${MAX_INSTALLED_BYTES / 1e6} MB`, () => {
    const bytes = sizeOf(join(project, 'node_modules'));
    tell(`${(bytes / 1e6).toFixed(1)} MB`);
    if (bytes > MAX_INSTALLED_BYTES) throw new Error(`${bytes} bytes`);
  });
  check(`installed with its dependencies as at most ${MAX_PACKAGES} packages`, () => {
    const lock = JSON.parse(readFileSync(join(project, 'node_modules', '.package-lock.json'), 'utf8'));
    const count = Object.keys(lock.packages).filter(
      (path) => path !== `node_modules/${manifest.name}`,
    ).length;
    tell(`${count} packages`);
    if (count > MAX_PACKAGES) throw new Error(Object.keys(lock.packages).join(' '));
  });
  check('every bundled package has its licence in the tarball', () => {
    const told = readFileSync(join(installed, 'dist', THIRD_PARTY_FILE), 'utf8');
    const bundled = bundledPackages(join(root, 'dist')).map(([name]) => name);
    const missing = bundled.filter((name) => !told.includes(`\n${name} `));
    if (bundled.length === 0 || missing.length > 0) throw new Error(`not named: ${missing.join(', ')}`);
  });
  check('every source that a source map names is in the tarball', () => {
    const gone = ownSources(join(installed, 'dist')).filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(gone.slice(0, 5).join(', '));
  });
  check('the program runs', () => {
    const bin = join(project, 'node_modules/.bin/astro-jobs');
    const version = execFileSync(bin, ['--version'], quiet);
    if (!version.startsWith(`astro-jobs ${manifest.version}\n`)) throw new Error(version);
  });

  check('the commands that answer as solve-field and ASTAP run', () => {
    for (const [name, said] of [
      ['astro-jobs-solve-field', /^Revision \d/],
      ['astro-jobs-astap', /-spd/],
    ]) {
      const told = execFileSync(join(project, 'node_modules/.bin', name), ['-h'], quiet);
      if (!said.test(told)) throw new Error(told);
    }
  });

  execFileSync('npm', [...install, ...types, ...peers], { ...quiet, cwd: project });
  for (const entry of entries) {
    check(`${entry} imports`, () => node(`await import('${entry}')`));
  }
  check('a strict TypeScript project compiles against every entry', () => {
    const consumer = readFileSync(join(root, 'test/package/consumer.ts'), 'utf8');
    const imports = entries.map(
      (entry, index) => `import * as entry${index} from '${entry}';\nvoid entry${index};`,
    );
    writeFileSync(join(project, 'consumer.ts'), `${consumer}\n${imports.join('\n')}\n`);
    const options = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
    };
    const lib = ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'];
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, lib }, files: ['consumer.ts'] }),
    );
    execFileSync(join(project, 'node_modules/.bin/tsc'), ['-p', '.'], { ...quiet, cwd: project });
  });
} finally {
  rmSync(project, { recursive: true, force: true });
}

say(checks.summary);
exit(checks.status);
