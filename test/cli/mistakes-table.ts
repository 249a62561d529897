/** What is typed by mistake, and how the answer on stderr begins. The docs show it (`npm run derive`), `mistakes.test.ts` checks it. */
export const MISTAKES: readonly [typed: string, answer: string][] = [
  ['sovle M42.jpg', "error: unknown command 'sovle'\n(Did you mean solve?)"],
  ['solve --imgae M42.jpg', "error: unknown option '--imgae'\n(Did you mean --image?)"],
  ['status --jobid 1f0c', "error: unknown option '--jobid'\n(Did you mean --job-id?)"],
  ['prune --older 30d', "error: unknown option '--older'"],
  ['solve', 'error: an image is missing: name one, such as M42.jpg, or give --image <path>'],
  [
    'status',
    'error: a job is missing: name one by its id or by how it begins, such as 1f0c, or give --job-id <id>; `astro-jobs list` shows them',
  ],
  ['status 1f0c 77d2', "error: too many arguments for 'status'. Expected 1 argument but got 2."],
  ['prune', 'error: how old is missing: --older-than <duration>, such as 30d'],
  [
    'prune --older-than 30',
    "error: option '--older-than <duration>' argument '30' is invalid. Expected a duration with its unit, such as 30d, 12h, 90m or 45s.",
  ],
  ['solve M42.jpg --ra 25:10:00', 'error: Expected --ra to be degrees from 0 to 360, got `377.5`'],
  [
    'solve M42.jpg --ra 5:75',
    "error: option '--ra <deg|h:m:s>' argument '5:75' is invalid. Expected degrees, or hours such as 05:35:17 or 5h35m17s.",
  ],
  [
    'solve M42.jpg --dec north',
    "error: option '--dec <deg|d:m:s>' argument 'north' is invalid. Expected degrees, also as -05:23:28 or -5d23m28s.",
  ],
  [
    'solve M42.jpg --ra 83.8 --dec 5',
    'error: Expected --radius to be together with --ra and --dec: a search centre needs all three',
  ],
  [
    'solve M42.jpg --timeout 5min',
    "error: option '--timeout <duration>' argument '5min' is invalid. Expected a duration such as 30d, 12h, 90m or 45s.",
  ],
  [
    'solve M42.jpg --scale-low 3 --scale-high 1',
    'error: Expected --scale-low to be at most --scale-high (1), got `3`',
  ],
  [
    'solve M42.jpg --scale-units arcmin',
    "error: option '--scale-units <unit>' argument 'arcmin' is invalid. Expected one of degwidth, arcminwidth, arcsecperpix, focalmm.",
  ],
  [
    'solve M42.jpg --solver Magic',
    'error: Expected --solver to be a name of lower-case letters, digits, dots, dashes and underscores, got `"Magic"`',
  ],
  [
    'list --state running',
    "error: option '--state <states>' argument 'running' is invalid. Expected one or more of queued, processing, done, error, with commas between.",
  ],
  ['list --limit 0', "error: option '--limit <n>' argument '0' is invalid. Expected 1 or more."],
  ['list --after nonsense', 'error: Expected --after to be the `next` of an earlier page'],
  [
    'serve --port 99999',
    "error: option '--port <n>' argument '99999' is invalid. Expected a port, 0 to 65535.",
  ],
  ['solve M42.jpg --config night.json', 'error: The configuration night.json is not there'],
  [
    'annotate 1f0c -o M42.gif',
    "error: option '-o, --output <file>' argument 'M42.gif' is invalid. Expected a name that ends in .jpg, .jpeg, .png, .webp, .svg.",
  ],
];
