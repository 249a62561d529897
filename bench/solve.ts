/*
 * Plain solve-field and this library side by side, one run of each in turn, on the same files with the same hints.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/solve.ts [--images DIR] [--only REGEX]
 *         [--rounds 3] [--timeout 60] [--sizes 0.5,9,24,60] [--write]
 *
 * Skies are rendered always; `--images` adds a folder of photographs. `--write` puts the tables into docs/performance.md.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineShare, findingSpeed, peakMemory } from './solve/probes.js';
import { type Comparison, summary, table, writeDocument } from './solve/report.js';
import { runOurs, runPlain } from './solve/runs.js';
import { renderedCases } from './solve/skies.js';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string' },
    only: { type: 'string', default: '.' },
    rounds: { type: 'string', default: '3' },
    timeout: { type: 'string', default: '60' },
    sizes: { type: 'string', default: '0.5,9,24,60' },
    write: { type: 'boolean', default: false },
  },
});
const timeout = Number(options.timeout);

const folder = await mkdtemp(join(tmpdir(), 'bench-solve-'));
try {
  const skies = await renderedCases(folder, options.sizes.split(',').map(Number));
  const only = new RegExp(options.only);
  const photographs = options.images
    ? (await readdir(options.images))
        .filter((name) => only.test(name) && !/\.(json|md|txt)$/.test(name))
        .sort()
        .map((name) => join(options.images!, name))
    : [];

  const comparisons: Comparison[] = [];
  for (const path of [...skies, ...photographs]) {
    const rendered = skies.includes(path);
    const blind = await compare(path, rendered);
    comparisons.push(blind);
    const width = [...blind.plain, ...blind.ours].find((run) => run.width_deg)?.width_deg;
    if (width) comparisons.push(await compare(path, rendered, [width / 1.25, width * 1.25]));
  }

  const small = skies[0];
  const facts = {
    finding: await findingSpeed(),
    overhead: small ? await engineShare(small, folder) : undefined,
    memory: skies.length > 0 ? await peakMemory(skies.at(-1)!) : undefined,
  };
  const text = [table(comparisons), summary(comparisons, facts, timeout)].join('\n\n');
  console.log(text);
  if (options.write) await writeDocument(text);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Both programs in turn, so that whatever else the machine does hits both. */
async function compare(path: string, rendered: boolean, width_deg?: [number, number]): Promise<Comparison> {
  const comparison: Comparison = {
    name: basename(path),
    hinted: width_deg !== undefined,
    rendered,
    plain: [],
    ours: [],
  };
  for (let round = 0; round < Number(options.rounds); round++) {
    const runs = [
      async () => comparison.plain.push(await runPlain(path, folder, timeout, width_deg)),
      async () => comparison.ours.push(await runOurs(path, folder, timeout, width_deg)),
    ];
    for (const run of round % 2 === 0 ? runs : runs.reverse()) await run();
  }
  process.stderr.write(`${comparison.name}${comparison.hinted ? ', hinted' : ', blind'}\n`);
  return comparison;
}
