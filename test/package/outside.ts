import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs the tests of an example that is a package of its own, in a copy outside this repository: it finds `astro-jobs` and its
 * other dependencies as an installed package would.
 * @returns what node:test printed
 */
export async function testOutside(
  example: string,
): Promise<{ passed: number; failed: number; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'astro-jobs-outside-'));
  try {
    const copy = join(folder, example);
    await cp(join(root, 'examples', example), copy, { recursive: true });
    await cp(join(root, 'examples', 'orion.jpg'), join(folder, 'orion.jpg'));
    const own = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8')) as Record<string, object>;
    const names = Object.keys({ ...own.dependencies, ...own.devDependencies, ...own.peerDependencies });
    for (const name of names) {
      const link = join(copy, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(name === 'astro-jobs' ? root : join(root, 'node_modules', name), link, 'dir');
    }
    // The mark of a test under node:test would make the tests report to it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = ['--preserve-symlinks', '--test', '--test-reporter=tap', copy];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env }).catch(
      (error: { stdout: string }) => error,
    );
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1]);
    return { passed: count('pass'), failed: count('fail'), output: stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
