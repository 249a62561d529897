/*
 * Clients that misbehave beside some that behave well, at a real `astro-jobs serve`, in turns with times without them: what the good ones lose,
 * how much longer they wait, how large the server becomes.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/soak/clients.ts [--rounds 5] [--calm 30] [--beside 90]
 */
import { parseArgs } from 'node:util';
import { clientSoak } from '../../test/soak/clients.js';
import type { Asked, Wait } from '../../test/soak/good-client.js';
import { load, machine } from '../shared/machine.js';
import { median } from '../shared/median.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calm: { type: 'string', default: '30' },
    beside: { type: 'string', default: '90' },
  },
});
const GOOD = 10;
const MIB = 2 ** 20;
const MINUTE = 60;

console.log(`${machine()}; load average ${load().toFixed(1)}`);
const found = await clientSoak({
  ...{ good: GOOD, misbehaving: 50, rounds: Number(values.rounds) },
  calmSeconds: Number(values.calm),
  besideSeconds: Number(values.beside),
  onProgress: (said) => console.error(said),
});

function waitsOf(asked: Asked, beside: boolean, client?: number): Wait[] {
  return found.waits.filter(
    (wait) =>
      wait.asked === asked && wait.beside === beside && (client === undefined || wait.client === client),
  );
}

const mean = (of: readonly Wait[]) => of.reduce((sum, { ms }) => sum + ms, 0) / of.length;
const shown = (ms: number) => ms.toFixed(ms < 10 ? 1 : 0);
/** Median, longest; medians of what the server computed meanwhile and waited for a processor. */
const figures = (of: readonly Wait[]) =>
  [
    median(of.map(({ ms }) => ms)),
    Math.max(...of.map(({ ms }) => ms)),
    median(of.map(({ computed }) => computed)),
    median(of.map(({ waited }) => waited)),
  ]
    .map(shown)
    .join(', ');

const medianRatio = (of: (wait: Wait) => number, asked: Asked) =>
  median(waitsOf(asked, true).map(of)) / median(waitsOf(asked, false).map(of));

console.log(
  '\nmedian, longest wait; the server computed meanwhile, and waited for a processor (medians; milliseconds)\n',
);
console.log(
  '| | alone | beside 50 | median, times as long | mean | of the client that fares worst | computed, times as much |',
);
console.log('| --- | --: | --: | --: | --: | --: | --: |');
for (const asked of ['submit', 'result', 'list'] satisfies Asked[]) {
  const [alone, beside] = [waitsOf(asked, false), waitsOf(asked, true)];
  const ratios = Array.from(
    { length: GOOD },
    (_, client) => mean(waitsOf(asked, true, client)) / mean(waitsOf(asked, false, client)),
  );
  const cells = [
    ...[alone, beside].map(figures),
    ...[
      medianRatio(({ ms }) => ms, asked),
      mean(beside) / mean(alone),
      Math.max(...ratios),
      medianRatio(({ computed }) => computed, asked),
    ].map((ratio) => ratio.toFixed(2)),
  ];
  console.log(`| ${asked} | ${cells.join(' | ')} |`);
}
const after = found.resident[MINUTE] ?? Number.NaN;
const last = found.resident.at(-1) ?? Number.NaN;
console.log(`
acknowledged ${found.acknowledged}, with the result of their own image ${found.right}, failures ${found.failures.length}
deeds of those that misbehave ${found.deeds}, let in that must not be ${found.letIn}
server: ${(after / MIB).toFixed(0)} MiB after a minute, ${(last / MIB).toFixed(0)} in the end (${(last / after).toFixed(2)}), at most ${(Math.max(...found.resident) / MIB).toFixed(0)}
event loop held up at most ${shown(found.held.wall)} ms on the wall, ${shown(found.held.own)} ms by itself
alive ${found.alive}, exit status ${found.exit}`);
for (const failure of found.failures.slice(0, 20)) console.log(failure);
if (found.said.trim() !== '') console.log(found.said.slice(0, 2000));
