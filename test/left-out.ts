import type { Reporter, TestModule, Vitest } from 'vitest/node';
import './needs.js';

/**
 * Says at the end of a run, in one block, which tests were left out and for want of what. A test that is left out without a reason
 * fails the run, and in continuous integration so does every one.
 */
export class LeftOutReporter implements Reporter {
  /** Of a run of all tests; `-t` leaves out others on purpose. */
  #all = true;

  onInit(vitest: Vitest): void {
    this.#all = vitest.config.testNamePattern === undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const leftOut = new Map<string, string[]>();
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const reason = test.meta().missing ?? (this.#all ? NO_REASON : undefined);
        if (reason === undefined) continue;
        const title = `${module.relativeModuleId}: ${test.fullName}`;
        leftOut.set(reason, [...(leftOut.get(reason) ?? []), title]);
      }
    if (leftOut.size === 0) return;
    process.stderr.write(`\n${block(leftOut)}\n`);
    if (process.env.CI || leftOut.has(NO_REASON)) process.exitCode = 1;
  }
}

const NO_REASON = 'a reason: `describeWith` and `itWith` of test/needs.ts name one';

function block(leftOut: ReadonlyMap<string, readonly string[]>): string {
  const count = [...leftOut.values()].reduce((sum, titles) => sum + titles.length, 0);
  const lines = [...leftOut].flatMap(([reason, titles]) => [
    `for want of ${reason}:`,
    ...titles.map((title) => `  ${title}`),
  ]);
  const bar = '!'.repeat(100);
  return [bar, `LEFT OUT: ${count} test${count === 1 ? '' : 's'}`, ...lines, bar].join('\n');
}
