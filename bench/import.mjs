// node bench/import.mjs [--runs N]: what `import 'astro-jobs'` costs a program that begins, beside a program that imports nothing and one
// that imports what it cannot do without. Each run is a process of its own; the first of each is not counted. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { execPath } from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const RUNS = Number(values.runs);
const MEASURED = {
  nothing: '',
  zod: "await import('zod');",
  'astro-jobs': "await import('astro-jobs');",
  'astro-jobs/client': "await import('astro-jobs/client');",
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function measure(code) {
  const program = `const [begun, used] = [performance.now(), process.cpuUsage()];
    ${code}
    const { user, system } = process.cpuUsage(used);
    process.stdout.write(JSON.stringify({ wall: performance.now() - begun, cpu: (user + system) / 1000 }));`;
  const { stdout, stderr } = spawnSync(execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

// In turns, so that what else the machine does falls on all alike.
const times = Object.fromEntries(Object.keys(MEASURED).map((name) => [name, []]));
for (let run = 0; run <= RUNS; run += 1)
  for (const [name, code] of Object.entries(MEASURED)) {
    const one = measure(code);
    if (run > 0) times[name].push(one);
  }
for (const [name, all] of Object.entries(times)) {
  const walls = all.map(({ wall }) => wall);
  const cpu = median(all.map((one) => one.cpu)).toFixed(0);
  console.log(
    `${name}: ${cpu} ms of CPU, ${median(walls).toFixed(0)} ms (${Math.min(...walls).toFixed(0)} at best)`,
  );
}
console.log(`Node ${process.versions.node}, medians of ${RUNS}, load ${loadavg()[0].toFixed(1)}`);
