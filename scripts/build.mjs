// `npm run build`: the library, its programs and, for browsers, its solver and the page, from TypeScript to dist/. What was built before
// stays until everything is there.
import { spawnSync } from 'node:child_process';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execPath, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { rolldown } from 'rolldown';
import { bundles, groupsOf } from './bundles.mjs';
import { finishBundles } from './third-party.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');
const page = join(src, 'http', 'page');
const dist = join(root, 'dist');
const fresh = join(root, `dist.${pid}`);

/** The modules that package.json exports, below src/. */
async function exportedModules() {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((entry) => {
    const [, name] = /^\.\/dist\/(.*)\.js$/.exec(entry.default ?? '') ?? [];
    return name ?? [];
  });
}

/** The types of all modules, and whether the page agrees with them. */
function writeTypes() {
  const declarations = ['--emitDeclarationOnly', '--outDir', fresh];
  for (const [project, ...options] of [
    ['tsconfig.build.json', ...declarations],
    [join(src, 'browser'), ...declarations],
    [page, '--noEmit'],
  ]) {
    const args = ['node_modules/typescript/bin/tsc', '-p', project, ...options];
    const { status } = spawnSync(execPath, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error(`The types of ${project} are wrong`);
  }
}

async function bundle({ input, external, chunks, groups, splitting, options, minify = false }) {
  const build = await rolldown({
    ...options,
    cwd: root,
    input,
    external,
    // The index exports a solver that a process loads late where it does not use it itself.
    checks: { ineffectiveDynamicImport: false },
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog(level, log, handle) {
      // What a dependency has written is not ours to change.
      if (!log.id?.includes('node_modules')) handle(level === 'warn' ? 'error' : level, log);
    },
  });
  await build.write({
    dir: fresh,
    format: 'esm',
    minify,
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: `${chunks}/[name]-[hash].js`,
    codeSplitting:
      chunks === undefined ? false : groups ? { ...splitting, groups: groupsOf(src, groups) } : true,
  });
  await build.close();
}

try {
  writeTypes();
  for (const one of bundles(src, await exportedModules())) await bundle(one);
  finishBundles(fresh);
  await cp(join(page, 'index.html'), join(fresh, 'http', 'page', 'index.html'));
  buildSync({
    entryPoints: [join(page, 'page.css')],
    outfile: join(fresh, 'http', 'page', 'page.css'),
    bundle: true,
    minify: true,
    logLevel: 'warning',
  });
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
} finally {
  await rm(fresh, { recursive: true, force: true });
}
