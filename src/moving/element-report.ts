import type { ElementFile, ElementWarning } from '../job/observation.js';

/** Warnings of one code that a file has in the report. */
const MOST_WARNINGS = 20;

/** Of a file of which nothing was read yet. */
export const emptyReport = (name: string): ElementFile => ({
  name,
  objects: 0,
  damaged: 0,
  outdated: 0,
  warnings: [],
});

export function warn(report: ElementFile, warning: ElementWarning): void {
  const alike = report.warnings.filter(({ code }) => code === warning.code);
  if (alike.length < MOST_WARNINGS) report.warnings.push(warning);
}

/** Counts a line that cannot be read, and says why. */
export function damagedLine(report: ElementFile, line: number, why: string): void {
  report.damaged++;
  warn(report, { code: 'damaged_line', line, message: `Line ${line} of ${report.name} is left out: ${why}` });
}
