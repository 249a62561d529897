import { basename, dirname, extname, join } from 'node:path';
import type { OutputName, SolveFieldArguments } from './arguments.js';

/** The extensions of the outputs that are written where nothing else is said. */
const EXTENSIONS: Readonly<Record<Exclude<OutputName, 'keep-xylist'>, string>> = {
  axy: '.axy',
  solved: '.solved',
  wcs: '.wcs',
  corr: '.corr',
  match: '.match',
  rdls: '.rdls',
  'new-fits': '.new',
  'index-xyls': '-indx.xyls',
};

/** Outputs by name → path; what is not wanted is not there. */
export type Outputs = Partial<Record<OutputName, string>>;

/** Without its extension; of `x.fits.gz` without both. */
function stem(image: string): string {
  const name = basename(image);
  const plain = /\.gz$/i.test(name) ? name.slice(0, -3) : name;
  return plain.slice(0, plain.length - extname(plain).length) || plain;
}

/** Where the outputs of an image go, as solve-field names them. */
export function outputsOf(image: string, { dir, base, outputs, tempAxy }: SolveFieldArguments): Outputs {
  const folder = dir ?? dirname(image);
  // join() would take the leading `./` away, which solve-field prints.
  const prefix = folder === '.' ? './' : join(folder, '/');
  const named: Outputs = {};
  for (const name of Object.keys(EXTENSIONS) as (keyof typeof EXTENSIONS)[])
    named[name] = `${prefix}${base ?? stem(image)}${EXTENSIONS[name]}`;
  if (tempAxy) delete named.axy;
  for (const [name, path] of Object.entries(outputs) as [OutputName, string][]) {
    if (path === 'none') delete named[name];
    else named[name] = path;
  }
  return named;
}
