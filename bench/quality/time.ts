import { basename } from 'node:path';
import { analyze } from 'astro-jobs';
import { median } from '../shared/median.js';
import { childrenSeconds } from './cpu.js';

/** Time of a solve with measuring over one without, in turns, after both have been done once; an image a line. */
export async function timeSection(
  paths: readonly string[],
  rounds: number,
): Promise<{ text: string; isGood: boolean }> {
  const solve = async (path: string, measure: boolean) => {
    const before = childrenSeconds();
    const began = performance.now();
    const { ok } = await analyze(path, { solver: 'builtin', measure });
    return { ok, cpu: childrenSeconds() - before, wall: (performance.now() - began) / 1000 };
  };
  const lines: string[] = [];
  const shares: { cpu: number; wall: number }[] = [];
  for (const path of paths) {
    const first = await solve(path, true);
    if (!first.ok) continue;
    await solve(path, false);
    const pairs: Record<'without' | 'withIt', Awaited<ReturnType<typeof solve>>>[] = [];
    for (let round = 0; round < rounds; round++) {
      const [without, withIt] = [await solve(path, false), await solve(path, true)];
      pairs.push({ without, withIt });
    }
    const ratio = (of: 'cpu' | 'wall') => median(pairs.map((pair) => pair.withIt[of] / pair.without[of]));
    const [cpu, wall] = [ratio('cpu'), ratio('wall')];
    shares.push({ cpu, wall });
    const seconds = median(pairs.map((pair) => pair.without.cpu));
    lines.push(`| ${basename(path)} | ${seconds.toFixed(3)} | ${percent(cpu)} | ${percent(wall)} |`);
  }
  const middle = { cpu: median(shares.map(({ cpu }) => cpu)), wall: median(shares.map(({ wall }) => wall)) };
  const text = [
    `Of ${shares.length} photographs that the builtin solver finds, measuring takes ${percent(middle.cpu)} % more CPU time in the median, and ${percent(middle.wall)} % more time on the clock.`,
    '',
    '| photograph | CPU seconds without | with, % more | on the clock, % more |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  return { text, isGood: middle.wall <= 1.15 };
}

const percent = (ratio: number) => (100 * (ratio - 1)).toFixed(1);
