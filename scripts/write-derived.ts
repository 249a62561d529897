// `npm run derive`: what the code declares once and says in other places too, tables of the docs and interfaces of documents;
// `--check` fails when one is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { argv, exit } from 'node:process';
import { tables } from './derived/tables.js';
import { types } from './derived/types.js';

const check = argv.includes('--check');
let stale = false;

async function hold(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  if (check) {
    console.error(`${path} is stale; npm run derive`);
    stale = true;
  } else await writeFile(path, text);
}

for (const [path, text] of types()) await hold(path, text);
for await (const [path, text] of tables()) await hold(path, text);
if (stale) exit(1);
