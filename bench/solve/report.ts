import { replaceSection } from '../shared/document.js';
import { load, machine } from '../shared/machine.js';
import { median } from '../shared/median.js';
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

/** Puts the figures into docs/performance.md. */
export async function writeDocument(text: string): Promise<void> {
  const measured = `Machine: ${machine()}; load average at the end ${load().toFixed(1)}.`;
  await replaceSection(
    new URL('../../docs/performance.md', import.meta.url),
    'solve',
    `${measured}\n\n${text}`,
  );
}
