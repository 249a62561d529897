import type { IndexFile } from '../solver.js';

/** What one run of astrometry-engine may use. */
export interface EngineConfig {
  indexes: readonly IndexFile[];
  /** Walk all index files together, depth by depth, instead of one file after another. */
  inParallel: boolean;
  /** CPU seconds after which the engine gives up; the same number goes to solve-field, so nothing is clamped. */
  cpuLimitSeconds: number;
  /** Image widths, degrees, to search when no scale is given. */
  minWidthDeg: number;
  maxWidthDeg: number;
}

/** The text of a configuration file of astrometry-engine. */
export function engineConfig(config: EngineConfig): string {
  const lines = [
    ...(config.inParallel ? ['inparallel'] : []),
    `cpulimit ${Math.ceil(config.cpuLimitSeconds)}`,
    `minwidth ${config.minWidthDeg}`,
    `maxwidth ${config.maxWidthDeg}`,
    ...config.indexes.map((index) => `index ${index.path}`),
  ];
  return `${lines.join('\n')}\n`;
}
