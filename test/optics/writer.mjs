// A process that remembers: `writer.mjs DIR NAME COUNT` puts COUNT entries of its own, and as often one that all of them share.
import { createHash } from 'node:crypto';
import { FileOpticsMemory, silentLogger } from '../../dist/index.js';

const [dir, name, count] = process.argv.slice(2);
const memory = new FileOpticsMemory({ dir, access: 'private', logger: silentLogger });
const keyOf = (text) => createHash('sha256').update(text).digest('hex');
for (let i = 1; i <= Number(count); i++) {
  const field = { optics: `${name} ${i}`, arcsec_per_pixel: i };
  await Promise.all([memory.put(keyOf(`${name} ${i}`), field), memory.put(keyOf('shared'), field)]);
}
