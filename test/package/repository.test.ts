import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPT = join(root, 'scripts/set-repository.mjs');
const read = (path: string) => readFileSync(path, 'utf8');

function published(env: Record<string, string>): { manifest: Record<string, unknown>; before: object } {
  const folder = mkdtempSync(join(tmpdir(), 'set-repository-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'package.json');
  copyFileSync(join(root, 'package.json'), path);
  const before = JSON.parse(read(path)) as object;
  const { GITHUB_SERVER_URL: _, GITHUB_REPOSITORY: __, ...rest } = process.env;
  execFileSync(process.execPath, [SCRIPT], { cwd: folder, env: { ...rest, ...env }, stdio: 'pipe' });
  return { manifest: JSON.parse(read(path)) as Record<string, unknown>, before };
}

it('a package that is published names the repository that published it, and is otherwise the same', () => {
  const { manifest, before } = published({
    GITHUB_SERVER_URL: 'https://git.example.org',
    GITHUB_REPOSITORY: 'stars/jobs',
  });
  expect(manifest).toEqual({
    ...before,
    repository: { type: 'git', url: 'git+https://git.example.org/stars/jobs.git' },
    homepage: 'https://git.example.org/stars/jobs#readme',
    bugs: { url: 'https://git.example.org/stars/jobs/issues' },
  });
  expect(() => published({ GITHUB_SERVER_URL: 'https://git.example.org' })).toThrow();
  // Before it publishes, not after.
  const steps = read(join(root, '.github/workflows/publish.yml')).match(/run: (.*)/g) ?? [];
  expect(steps.slice(-2)).toEqual([
    'run: node scripts/set-repository.mjs',
    'run: npm publish --provenance --access public',
  ]);
});

it('links and pictures of the README are files of the repository, so that npm finds them there', () => {
  const addresses = [...read(join(root, 'README.md')).matchAll(/\]\(([^)\s#]+)(#[^)]*)?\)/g)].map(
    ([, address = '']) => address,
  );
  expect(addresses.length).toBeGreaterThan(30);
  for (const address of addresses.filter((one) => !/^https?:/.test(one)))
    expect(existsSync(join(root, address)), address).toBe(true);
});
