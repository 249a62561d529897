import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A stand-in for the solver that notes when it starts (nanoseconds) on which image (checksum), takes `--downsample` tenths of
 * a second, and prints a result with both.
 */
const SCRIPT = `#!/bin/sh
image=$2
while [ $# -gt 0 ]; do [ "$1" = --downsample ] && tenths=$2; shift; done
sum=$(cksum < "$image" | cut -d' ' -f1)
now=$(date +%s%N)
echo "$sum $now" >> "$(dirname "$0")/runs"
sleep $((tenths / 10)).$((tenths % 10))
printf '{"ok": true, "filename": "sky.pgm", "capture": {"object": "%s", "observer": "%s"}, "astrometry": {"ra_center": 1,
"dec_center": 2, "fov_deg": [3, 2], "pixscale_arcsec": 4, "orientation_deg": 5, "objects": []}}\\n' "$sum" "$now"
`;

export async function writeExtractor(folder: string): Promise<string> {
  const path = join(folder, 'extractor');
  await writeFile(path, SCRIPT, { mode: 0o755 });
  return path;
}

/** One start of the script, Unix seconds. */
export interface Run {
  sum: string;
  startedAt: number;
}

export async function readRuns(extractorBin: string): Promise<Run[]> {
  const text = await readFile(join(dirname(extractorBin), 'runs'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [sum = '', nanoseconds = '0'] = line.split(' ');
    return { sum, startedAt: Number(nanoseconds) / 1e9 };
  });
}
