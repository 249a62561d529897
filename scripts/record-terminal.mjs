/*
 * `node scripts/record-terminal.mjs [--light] [--to DIR]`: the pictures of terminals in docs/images, recorded in tmux with the built program
 * (`npm run build`). Look at them after. They show the machine on which they are made, so nothing compares them.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { terminalSvg } from './terminal/svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: join(root, 'docs/images') },
    light: { type: 'boolean', default: false },
  },
});
const [COLUMNS, ROWS] = [80, 50];
const SAMPLE_MS = 80;
const PATIENCE_MS = 60_000;
/** What is typed in each, one after another; the last screen counts, or all of them where it is alive. */
const SITUATIONS = [
  { name: 'solve', isAlive: true, typed: ['astro-jobs solve orion.jpg'] },
  { name: 'several', isAlive: true, typed: ['astro-jobs solve night/*.jpg'] },
  { name: 'list', typed: ['astro-jobs list', 'astro-jobs stats'] },
  { name: 'doctor', typed: ['astro-jobs doctor'] },
  { name: 'config', typed: ['ASTRO_JOBS_CONCURRENCY=4 astro-jobs config --timeout 5m'] },
  { name: 'mistake', typed: ['astro-jobs solve --imgae orion.jpg', 'astro-jobs solve orion.jpg --ra 5:75'] },
];

const home = join(tmpdir(), 'observatory');
const socket = `astro-jobs-${pid}`;
const tmux = (...args) => execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8' });
const screenNow = () => tmux('capture-pane', '-p', '-e', '-t', 'shown');
const PROMPT = '$ ';

/** Whether the shell waits for the next line. */
const isIdle = () => tmux('capture-pane', '-p', '-t', 'shown').trimEnd().endsWith(`\n${PROMPT.trim()}`);

function openTerminal() {
  const env = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    // What was reckoned before is not reckoned again.
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    PS1: PROMPT,
    JOBS_DIR: join(home, 'jobs'),
  };
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const shell = ['env', '-u', 'CI', '-u', 'NO_COLOR', ...set, 'bash', '--norc', '--noprofile'];
  const size = ['-x', `${COLUMNS}`, '-y', `${ROWS}`];
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'shown', ...size, '-c', home, ...shell);
}

async function type(line) {
  const before = tmux('capture-pane', '-p', '-t', 'shown');
  tmux('send-keys', '-t', 'shown', '-l', line);
  tmux('send-keys', '-t', 'shown', 'Enter');
  const frames = [];
  const begun = Date.now();
  for (;;) {
    await sleep(SAMPLE_MS);
    const screen = screenNow();
    if (screen !== frames.at(-1)?.screen) frames.push({ screen, seconds: 0 });
    frames.at(-1).seconds += SAMPLE_MS / 1000;
    if (isIdle() && tmux('capture-pane', '-p', '-t', 'shown') !== before) return frames;
    if (Date.now() - begun > PATIENCE_MS) throw new Error(`${line} has not ended:\n${screen}`);
  }
}

/** At most so many screens are shown of what is alive, and for no longer. */
const MOST_FRAMES = 24;
const LONGEST_SECONDS = 4;

/** A recording that a busy machine drew out, as long as it may be; the last screen stays. */
function shortened(frames) {
  const step = Math.max(1, Math.ceil((frames.length - 1) / MOST_FRAMES));
  const kept = frames.filter((_, index) => index % step === 0 || index === frames.length - 1);
  const total = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  return kept.map(({ screen }) => ({ screen, seconds: Math.min(total, LONGEST_SECONDS) / kept.length }));
}

/** Without the prompt that waits for the next line. */
const trimmed = (screen) => screen.trimEnd().replace(/\n\$$/, '');

async function record({ name, typed, isAlive = false }) {
  openTerminal();
  await sleep(300);
  const frames = [];
  for (const line of typed) frames.push(...(await type(line)));
  tmux('kill-session', '-t', 'shown');
  const all = frames.map(({ screen, seconds }) => ({ screen: trimmed(screen), seconds }));
  const title = `A terminal: ${typed.join('; ')}`;
  const theme = values.light ? 'light' : 'dark';
  const svg = terminalSvg(isAlive ? shortened(all) : all.slice(-1), { columns: COLUMNS, title, theme });
  writeFileSync(join(values.to, `terminal-${name}.svg`), svg);
  console.log(`${name}: ${isAlive ? all.length : 1} screens`);
}

if (existsSync(home)) throw new Error(`${home} is there already`);
try {
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'night'));
  const main = join(root, 'dist/cli/main.js');
  writeFileSync(join(home, 'bin', 'astro-jobs'), `#!/bin/sh\nexec '${execPath}' '${main}' "$@"\n`, {
    mode: 0o755,
  });
  const picture = join(root, 'examples/orion.jpg');
  for (const file of ['orion.jpg', 'night/light-1.jpg']) copyFileSync(picture, join(home, file));
  const clouds = { create: { width: 900, height: 600, channels: 3, background: '#30343c' } };
  await sharp(clouds)
    .jpeg()
    .toFile(join(home, 'night', 'light-2.jpg'));
  writeFileSync(join(home, 'night', 'light-3.jpg'), '<html>Not found</html>');
  writeFileSync(join(home, 'astro-jobs.config.json'), '{"concurrency": 2, "params": {"solver": "builtin"}}');
  // A server ends with its last session.
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'keeper');
  for (const situation of SITUATIONS) await record(situation);
} finally {
  try {
    tmux('kill-server');
  } catch {
    // It has ended.
  }
  rmSync(home, { recursive: true, force: true });
}
