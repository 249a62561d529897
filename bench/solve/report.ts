import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from './probes.js';
import type { Run } from './runs.js';

/** One file in one way, with the runs of both. */
export interface Comparison {
  name: string;
  hinted: boolean;
  rendered: boolean;
  plain: Run[];
  ours: Run[];
}

interface Facts {
  finding: number;
  overhead: { all_ms: number; engine_ms: number } | undefined;
  memory: number | undefined;
}

const wall = (runs: readonly Run[]) => median(runs.map((run) => run.wall_s));
const cpu = (runs: readonly Run[]) => median(runs.map((run) => run.cpu_s));
const solves = (runs: readonly Run[]) => runs.filter((run) => run.solved).length;
const fixed = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : '–');

export function table(comparisons: readonly Comparison[]): string {
  const head = [
    '| image | | plain: solved | wall s | CPU s | ours: solved | wall s | CPU s | wall ratio | CPU ratio |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const rows = comparisons.map(({ name, hinted, plain, ours }) => {
    const ratios = [wall(ours) / wall(plain), cpu(ours) / cpu(plain)];
    return `| ${[
      name,
      hinted ? 'hinted' : 'blind',
      `${solves(plain)}/${plain.length}`,
      fixed(wall(plain)),
      fixed(cpu(plain)),
      `${solves(ours)}/${ours.length}`,
      fixed(wall(ours)),
      fixed(cpu(ours)),
      ...ratios.map(fixed),
    ].join(' | ')} |`;
  });
  return [...head, ...rows].join('\n');
}

export function summary(comparisons: readonly Comparison[], facts: Facts, timeout: number): string {
  const lines: string[] = [];
  for (const hinted of [true, false]) {
    for (const rendered of [true, false]) {
      const group = comparisons.filter((each) => each.hinted === hinted && each.rendered === rendered);
      if (group.length === 0) continue;
      const both = group.filter(({ plain, ours }) => solves(plain) > 0 && solves(ours) > 0);
      const ratio = (of: typeof wall) => fixed(median(both.map(({ plain, ours }) => of(ours) / of(plain))));
      const worst = Math.max(...both.map(({ plain, ours }) => wall(ours) / wall(plain)));
      const solved = (key: 'plain' | 'ours') => group.filter((each) => solves(each[key]) > 0).length;
      lines.push(
        `- ${rendered ? 'rendered skies' : 'photographs'}, ${hinted ? 'hinted' : 'blind'}: solved within ${timeout} s by plain solve-field ${solved('plain')}, by this library ${solved('ours')} of ${group.length}; median ratio, where both did: wall ${ratio(wall)}, CPU ${ratio(cpu)}; worst wall ratio ${fixed(worst)}`,
      );
    }
  }
  lines.push(`- finding stars: ${facts.finding.toFixed(0)} megapixels per second of one core`);
  if (facts.overhead) {
    const { all_ms, engine_ms } = facts.overhead;
    lines.push(
      `- hinted, 0.5 megapixels: ${all_ms.toFixed(0)} ms, of which astrometry-engine ${engine_ms.toFixed(0)} ms; everything else ${(all_ms - engine_ms).toFixed(0)} ms`,
    );
  }
  if (facts.memory)
    lines.push(`- peak memory of the Node process, largest rendered JPEG: ${facts.memory.toFixed(0)} MB`);
  return lines.join('\n');
}

/** The machine, for what the numbers are worth. */
function machine(): string {
  const [processor] = cpus();
  return `${processor?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.version}; load average at the end ${loadavg()[0]!.toFixed(1)}`;
}

/** What the figures were found to be made of; to be looked at again when the solver changes. */
const LIMITS = `## What the rest is made of

A hinted solve of a small image is one run of solve-field. Of some 100 ms in a warm process half is the engine (opening index files is
half of that), 20 to 25 the start and end of solve-field itself (some sixty shared libraries), 5 to 10 what Node takes to fork, which grows
with the memory of the process (2 ms with 50 MB, 9 with 150, 20 with 350), 3 the guard that ends the solver when we die, and 20 are ours: decoding,
finding stars, reading the solution and fitting it.

What made the difference, one after another: a list of stars instead of the image (no Python); only the index files that matter; quads
whose shapes agree to half of solve-field's default tolerance, so that a quarter (triangles) or a sixteenth (quads) of the false ones need be verified, and a search among the looser ones afterwards;
no fit in the engine (a hundred rounds for each order) but our own; short first turns, side by side, for narrow, medium and wide fields.

## How true

Being fast costs no accuracy: on rendered skies the solutions are closer to the truth than solve-field's own ([measured](accuracy.md)).

No solution was found where there is none: 0 of 200 pictures (shuffled stars, noise, landscapes; 3 s each,
\`node --import ./scripts/typescript.mjs bench/false-solutions.ts --count 200 --timeout 3\`).
`;

export async function writeDocument(text: string): Promise<void> {
  const path = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
  const document = `# Performance

Written by \`bench/solve.ts\`: plain \`solve-field --no-plots --downsample 2\` and this library on the same files with the
same hints, one run of each in turn; medians. "Hinted" bounds the width of the field to the true one ± 25 %. CPU seconds
are those of all processes; for a run that was ended they are taken for its wall time. A busy machine stretches the wall
times of both; the ratios hold.

Machine: ${machine()}.

${text}

${LIMITS}`;
  await writeFile(path, document);
}
