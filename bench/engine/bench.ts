import type { Engine } from '../../src/engine/engine.js';
import type { SolveAnswer, SolveQuestion } from '../../src/engine/question.js';
import type { StarCatalog } from '../../src/engine/star-catalog.js';

/** What every part of the bench works with. */
export interface EngineBench {
  engine: Engine;
  catalog: StarCatalog;
  /** The highest log odds of a candidate since the last call. */
  takeBest(): number;
}

export interface Seeds {
  from: number;
  count: number;
}

/** Solves, and says how many milliseconds of CPU it took. */
export function timed(engine: Engine, question: SolveQuestion): { answer: SolveAnswer; cpu_ms: number } {
  const before = process.cpuUsage().user;
  const answer = engine.solve(question);
  return { answer, cpu_ms: (process.cpuUsage().user - before) / 1000 };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

export function times(values: readonly number[]): string {
  const [median, ninety, most] = [quantile(values, 0.5), quantile(values, 0.9), Math.max(...values)];
  return `CPU ms: median ${median.toFixed(1)}, 90 % ${ninety.toFixed(1)}, most ${most.toFixed(0)}`;
}
