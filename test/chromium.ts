import { spawnSync } from 'node:child_process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine. Without one, tests of pages say that they are left out; in CI they fail. */
export const chromiumPath = NAMES.map((name) => spawnSync('which', [name]).stdout.toString().trim()).find(
  Boolean,
);
if (!chromiumPath) {
  const line = 'pages are not tested, for want of Chromium (apt-get install chromium)';
  if (process.env.CI) throw new Error(`${line}. CI leaves nothing out.`);
  process.stderr.write(`\n${'!'.repeat(100)}\n!! ${line}\n${'!'.repeat(100)}\n\n`);
}
