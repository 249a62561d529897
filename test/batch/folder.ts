import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, BatchRow, BatchSummary } from 'astro-jobs';
import { afterEach, beforeEach } from 'vitest';
import { renderSky } from '../sky/render.js';
import { encodeSky } from '../sky/write.js';

/** A folder of pictures, and one for jobs; both fresh for each test of the file. */
export function useFolders(): { night: string; jobs: string } {
  const folders = { night: '', jobs: '' };
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'astro-jobs-batch-'));
    folders.night = join(dir, 'night');
    folders.jobs = join(dir, 'jobs');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  return folders;
}

/** A picture of the sky that is solved in a moment. Another `number` is another field, a minute later. */
export function frame(number: number): Promise<Buffer> {
  const sky = renderSky({
    width: 480,
    height: 320,
    pixscale_arcsec: 20,
    ra_deg: 305 + 0.05 * number,
    dec_deg: 40,
    seed: number + 1,
  });
  const header = { 'DATE-OBS': `2024-09-21T20:${String(number).padStart(2, '0')}:00`, EXPTIME: 60 };
  return encodeSky(sky, { format: 'fits', header });
}

export async function readTable(output: string): Promise<{ rows: BatchRow[]; csv: string[][] }> {
  const jsonl = await readFile(join(output, 'table.jsonl'), 'utf8');
  const csv = await readFile(join(output, 'table.csv'), 'utf8');
  return {
    rows: jsonl
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as BatchRow),
    // No field of these tests holds a comma or a quote.
    csv: csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(',')),
  };
}

/** All rows of a batch that ends by itself, and its summary. */
export async function whole(batch: Batch): Promise<{ rows: BatchRow[]; summary: BatchSummary }> {
  const rows: BatchRow[] = [];
  for (;;) {
    const { done, value } = await batch.next();
    if (done) return { rows, summary: value };
    rows.push(value);
  }
}
