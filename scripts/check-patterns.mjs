// `node scripts/check-patterns.mjs`: a regular expression in src/ must not take more than linear time, whatever text it is given. Fails with
// each for which `recheck` finds a text that makes it slow.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { check } from 'recheck';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Milliseconds for one pattern; all of these take a small part of it. */
const TIMEOUT_MS = 20_000;

/** The regular expressions of one file: literals, and `new RegExp` of a literal text. */
function patternsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, source, flags) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ place: `${path}:${line}`, source, flags });
  };
  const visit = (node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [source, flags] = node.arguments ?? [];
      if (source && ts.isStringLiteralLike(source))
        add(node, source.text, flags && ts.isStringLiteralLike(flags) ? flags.text : '');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const names = (await readdir(join(ROOT, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));
const patterns = [];
for (const name of names.sort()) {
  const path = join('src', name);
  patterns.push(...patternsOf(path, await readFile(join(ROOT, path), 'utf8')));
}

let failed = 0;
for (const { place, source, flags } of patterns) {
  const result = await check(source, flags, { timeout: TIMEOUT_MS });
  if (result.status === 'safe') continue;
  failed += 1;
  const why =
    result.status === 'vulnerable'
      ? `${result.complexity.summary}, for ${JSON.stringify(result.attack.pattern)}`
      : `not known: ${JSON.stringify(result.error)}`;
  console.error(`${place}: /${source}/${flags} is ${why}`);
}
console.log(`${patterns.length - failed} of ${patterns.length} regular expressions take linear time`);
exit(failed === 0 ? 0 : 1);
