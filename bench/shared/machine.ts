import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** The load average of the last minute; times are worth little where it is high before a measurement. */
export const load = (): number => loadavg()[0] ?? Number.NaN;

/** The machine, for what the numbers are worth; without its name. */
export function machine(): string {
  const [processor] = cpus();
  return `${processor?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.version}`;
}
