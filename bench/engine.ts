/*
 * What the engine finds, and what it finds falsely, from star lists; no solve-field is needed.
 *
 *     node --import ./scripts/typescript.mjs bench/engine.ts photographs --images DIR [--hinted] [--narrowest 1.5]
 *     node --import ./scripts/typescript.mjs bench/engine.ts rendered | lenses | all-sky [--count 1000] [--from 1]
 *     node --import ./scripts/typescript.mjs bench/engine.ts few [--count 1000] [--from 1]
 *     node --import ./scripts/typescript.mjs bench/engine.ts fisheyes | shuffled-fisheyes | shuffled | invented | starless [--count 1000] [--from 1]
 *     node --import ./scripts/typescript.mjs bench/engine.ts memory
 *
 * With `--index FILE`, once or more, index files of astrometry.net are searched beside the packaged stars. `photographs` reads
 * DIR/manifest.json, see bench/engine/photographs.ts. Times are CPU time of the search alone, after star finding. The exit status is 1 when
 * anything is wrong.
 */
import { readFileSync } from 'node:fs';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { Engine } from '../src/engine/engine.js';
import { PackagedStars } from '../src/engine/packaged-stars.js';
import { levelSizes } from '../src/engine/quad-builder.js';
import { openIndexFiles } from '../src/solver/builtin/open-index-files.js';
import { benchAllSky } from './engine/all-sky.js';
import { benchFalse } from './engine/false.js';
import { benchFew } from './engine/few.js';
import { benchMemory } from './engine/memory.js';
import { benchPhotographs } from './engine/photographs.js';
import { benchLenses, benchRendered } from './engine/rendered.js';
import { benchStarless } from './engine/starless.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    hinted: { type: 'boolean', default: false },
    count: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    stars: { type: 'string' },
    narrowest: { type: 'string', default: '1.5' },
    index: { type: 'string', multiple: true, default: [] },
  },
});
const [what] = positionals;
const starFile = values.stars ?? new URL('../data/stars.bin', import.meta.url);
const seeds = { from: Number(values.from), count: Number(values.count) };

if (what === 'memory') {
  benchMemory(starFile);
  exit(0);
}
const stars = new PackagedStars(readFileSync(starFile));
for (const size of levelSizes(stars.catalog.count)) stars.level(size);
let best = Number.NEGATIVE_INFINITY;
/** The highest log odds of a candidate since the last call. */
const takeBest = () => {
  const found = best;
  best = Number.NEGATIVE_INFINITY;
  return found;
};
const files = openIndexFiles(values.index, {
  onFailure: (name, error) => console.error(`${name}: ${error}`),
});
const engine = new Engine([stars, files], (_evidence, log_odds) => {
  best = Math.max(best, log_odds);
});
const bench = { engine, catalog: stars.catalog, takeBest };

const isGood = await (() => {
  switch (what) {
    case 'photographs':
      if (!values.images) throw new Error('photographs needs --images DIR');
      return benchPhotographs(bench, values.images, values.hinted, Number(values.narrowest));
    case 'starless':
      return benchStarless(bench, seeds);
    case 'rendered':
      return benchRendered(bench, seeds);
    case 'lenses':
      return benchLenses(bench, seeds);
    case 'all-sky':
      return benchAllSky(bench, seeds);
    case 'few':
      return benchFew(bench, seeds);
    case 'fisheyes':
    case 'shuffled-fisheyes':
    case 'shuffled':
    case 'invented':
      return benchFalse(bench, what, seeds);
    default:
      throw new Error(
        'Expected photographs, rendered, lenses, all-sky, few, fisheyes, shuffled-fisheyes, shuffled, invented, starless or memory',
      );
  }
})();
exit(isGood ? 0 : 1);
