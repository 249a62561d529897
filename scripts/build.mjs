// `npm run build`: the library and, for browsers, its solver and the page, from TypeScript to dist/. What was built before stays until
// everything is there.
import { spawnSync } from 'node:child_process';
import { cp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execPath, exit, pid } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'src', 'http', 'page');
const dist = join(root, 'dist');
const fresh = join(root, `dist.${pid}`);
const ASSET = /\.(html|css|svg)$/;

try {
  for (const project of ['tsconfig.build.json', join(root, 'src', 'browser'), page]) {
    const args = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', fresh];
    const { status } = spawnSync(execPath, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) exit(status ?? 1);
  }
  await cp(page, join(fresh, 'http', 'page'), {
    recursive: true,
    filter: (path) => path === page || ASSET.test(path),
  });
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
} finally {
  await rm(fresh, { recursive: true, force: true });
}
