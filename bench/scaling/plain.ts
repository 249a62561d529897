import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** Solves per minute by plain solve-field with the same hints, so many at a time. */
export async function measurePlain(atOnce: number, photographs: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'astro-jobs-bench-'));
  try {
    const names = Array.from({ length: photographs }, (_, index) => `${index}.jpg`);
    for (const name of names) await copyFile(ORION, join(folder, name));
    const from = performance.now();
    const command = `ls *.jpg | xargs -P ${atOnce} -n 1 solve-field --no-plots --overwrite --downsample 2 --scale-units degwidth --scale-low 10 --scale-high 20 > log 2>&1; ls *.solved | wc -l`;
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: folder });
    if (Number(stdout) !== photographs)
      throw new Error(`solve-field solved ${stdout.trim()} of ${photographs}`);
    return (photographs * 60_000) / (performance.now() - from);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
