// `node --import ./scripts/typescript.mjs bench/termination/short-commands.ts [commands]`: so many short commands on each pair of a store
// and a queue, on real servers, and how long after its answer each ends. Run `npm run build` before.
import { join } from 'node:path';
import { writeImage } from '../../test/cli/scripted.js';
import { startPairs } from '../../test/termination/pairs.js';
import { runShortCommands } from '../../test/termination/short-commands.js';

const LIMIT_MS = 2000;

const count = Number(process.argv[2] ?? 100);
await using all = await startPairs();
const image = await writeImage(join(all.dir, 'sky.png'));
for (const pair of all.pairs) {
  const runs = await runShortCommands(pair, { count, image, cwd: all.dir });
  const after = runs.map(({ afterAnswerMs, command }) => ({ command, ms: Math.round(afterAnswerMs) }));
  after.sort((a, b) => a.ms - b.ms);
  const failed = runs.filter(({ ok }) => !ok);
  const late = after.filter(({ ms, command }) => ms > LIMIT_MS && command !== 'logs');
  const median = after[Math.floor(after.length / 2)];
  console.log(
    `${pair.name}: ${runs.length} commands, ${failed.length} failed, ${late.length} late, ` +
      `median ${median?.ms} ms after the answer, slowest ${JSON.stringify(after.filter(({ command }) => command !== 'logs').at(-1))}`,
  );
  if (failed.length + late.length > 0) process.exitCode = 1;
}
