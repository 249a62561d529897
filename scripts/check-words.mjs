// `npm run words`: the code speaks the vocabulary of the field and of job libraries. Words of an earlier private language
// are refused, in names of files, identifiers, comments and prose alike.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { exit } from 'node:process';

const INSTEAD = new Map([
  ['house', 'process, machine, store or service'],
  ['room', 'module, space or capacity'],
  ['road', 'pipeline or analysis'],
  ['teller', 'publisher or emitter'],
  ['nudge', 'wake-up'],
  ['rung', 'retry step or signal'],
  ['somebody', 'a worker, a caller, another process'],
  ['nobody', 'no worker, no caller, no process'],
]);
const PLACES = ['src', 'test', 'docs', 'examples', 'README.md'];
const TEXT = /\.(ts|mts|mjs|js|md|css|html|py|sh|tsv|ya?ml|service)$|Dockerfile$/;

/** The words of prose and of identifiers alike: `eventTeller` has `event` and `teller`. */
function* wordsOf(text) {
  for (const [word] of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)) yield word.toLowerCase();
}

function refused(text) {
  for (const word of wordsOf(text)) {
    for (const [bad, instead] of INSTEAD) {
      if (word === bad || word === `${bad}s` || word === `${bad}d` || word === `${bad}ed`)
        return { word, instead };
    }
  }
  return undefined;
}

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...PLACES],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => path !== '');

let found = 0;
for (const path of files) {
  const complain = (where, { word, instead }) => {
    found++;
    console.error(`${where}: "${word}" is not a word of the field; say ${instead}`);
  };
  const inName = refused(path);
  if (inName) complain(path, inName);
  if (!TEXT.test(path)) continue;
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const inLine = refused(line);
    if (inLine) complain(`${path}:${index + 1}`, inLine);
  }
}
if (found > 0) exit(1);
