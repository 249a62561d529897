/*
 * The same photographs through this library and its peers: paired in one run, medians, each answer checked.
 *
 *     npm run bench:peers -- FOLDER [--only REGEX] [--solver auto] [--rounds 5] [--timeout 30]
 *         [--scale-margin 0.25] [--radius 10] [--write docs/performance.md]
 *
 * docs/performance.md says what is measured, and what `manifest.json` in the folder may say.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { oursFresh, oursWarm } from './peers/ours.js';
import type { MissingPeer, Peer } from './peers/peer.js';
import { readFolder } from './peers/photographs.js';
import { type Case, measure } from './peers/rounds.js';
import { plainSolveField } from './peers/solve-field.js';
import { stellarSolver } from './peers/stellar-solver.js';
import { summary, table } from './peers/table.js';
import { replaceSection } from './shared/document.js';
import { load, machine } from './shared/machine.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '.' },
    solver: { type: 'string', default: 'auto' },
    rounds: { type: 'string', default: '5' },
    timeout: { type: 'string', default: '30' },
    'scale-margin': { type: 'string', default: '0.25' },
    radius: { type: 'string', default: '10' },
    write: { type: 'string' },
  },
});
const [given] = positionals;
if (given === undefined) throw new Error('Give a folder of photographs');
const photographsFolder = resolve(given);
const options = {
  rounds: Number(values.rounds),
  timeout: Number(values.timeout),
  scaleMargin: Number(values['scale-margin']),
  radius: Number(values.radius),
  say: (text: string) => void process.stderr.write(`${text}\n`),
};
const { say } = options;

const loadBefore = load();
if (loadBefore > 0.3)
  say(
    `The load average is ${loadBefore.toFixed(1)}: times are stretched, most of all those of several processes.`,
  );
const scratch = await mkdtemp(join(tmpdir(), 'bench-peers-'));
const ours = oursWarm(values.solver);
const entrants: (Peer | MissingPeer)[] = [
  ours,
  oursFresh(values.solver, scratch),
  await plainSolveField(scratch),
  await stellarSolver(scratch),
];
const peers = entrants.filter((each): each is Peer => 'run' in each);
try {
  for (const each of entrants) if ('missing' in each) say(`${each.name} is not installed: ${each.missing}`);
  const folder = { only: new RegExp(values.only), ours, timeout: options.timeout };
  const { photographs, leftOut } = await readFolder(photographsFolder, folder);
  for (const line of leftOut) say(`left out: ${line}`);
  if (photographs.length === 0) throw new Error(`No photograph of ${photographsFolder} can be measured`);
  const cases: Case[] = [];
  for (const photograph of photographs) {
    for (const hinted of [true, false]) {
      say(`${photograph.name}, ${hinted ? 'hinted' : 'blind'}`);
      cases.push(await measure(peers, photograph, hinted, options));
    }
  }
  const own = photographs.filter(({ reference }) => reference.from === 'our blind solution').length;
  const text = [
    ...entrants.map(
      (each) => `- ${each.name}: ${'missing' in each ? `not installed; ${each.missing}` : each.about}`,
    ),
    `- ${photographs.length} photographs, ${own} of them checked against our own blind solution; ${options.rounds} rounds after a warm-up, at most ${options.timeout} s each; hinted: true scale × or ÷ ${1 + options.scaleMargin}, ${options.radius}° around the true centre`,
    `- ${machine()}; load average before ${loadBefore.toFixed(1)}, after ${load().toFixed(1)}; ${new Date().toISOString().slice(0, 10)}`,
    '',
    summary(entrants, cases),
    '',
    table(entrants, cases),
  ].join('\n');
  console.log(text);
  if (values.write) await replaceSection(values.write, 'peers', text);
} finally {
  for (const peer of peers) await peer.close();
  await rm(scratch, { recursive: true, force: true });
}
