import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Writes a small picture that opens, and on which no solver is ever let loose. */
export async function writeImage(path: string, format: 'png' | 'jpeg' = 'png'): Promise<string> {
  const picture = sharp({
    create: { width: 32, height: 24, channels: 3, background: { r: 9, g: 9, b: 20 } },
  });
  await writeFile(path, await picture.toFormat(format).toBuffer());
  return path;
}

const SOLVED = {
  ok: true,
  filename: 'from-the-script.jpg',
  capture: {},
  astrometry: {
    ra_center: 312.3,
    dec_center: 45.2,
    fov_deg: [1.2, 0.8],
    pixscale_arcsec: 2.1,
    orientation_deg: 178.9,
    objects: [{ name: 'Crescent Nebula', catalog: 'NGC', id: '6888', sep_arcmin: 2.3 }],
  },
};

/**
 * Writes an external extractor to the documented protocol that solves after running `before` (shell); what it did
 * is what the shell did. Give it to the program as `ASTRO_EXTRACT_BIN`, and the job as `--solver external`.
 */
export async function writeExtractor(dir: string, before = ''): Promise<string> {
  const path = join(dir, 'extractor');
  await writeFile(path, `#!/bin/sh\n${before}\ncat <<'JSON'\n${JSON.stringify(SOLVED)}\nJSON\n`, {
    mode: 0o755,
  });
  return path;
}

/** How the program is told to use it. */
export const EXTERNAL = ['--solver', 'external'] as const;
