import { readFileSync } from 'node:fs';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import { levelSizes } from '../../src/engine/quad-builder.js';

/** Memory and time of stars and quads. */
export function benchMemory(starFile: URL | string): void {
  const before = process.memoryUsage.rss();
  let since = process.cpuUsage().user;
  const lap = (what: string) => {
    const now = process.cpuUsage().user;
    console.log(`${what}: ${((now - since) / 1000).toFixed(0)} ms of CPU`);
    since = now;
  };
  const stars = new PackagedStars(readFileSync(starFile));
  lap(`${stars.catalog.count} stars decoded`);
  let [quads, bytes] = [0, 0];
  for (const size of levelSizes(stars.catalog.count)) {
    const { data } = stars.level(size);
    const level = Object.values(data).reduce(
      (sum, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0),
      0,
    );
    quads += data.count;
    bytes += level;
    lap(`${size}°: ${data.count} quads, ${(level / 1e6).toFixed(1)} MB`);
  }
  const catalog = Object.values(stars.catalog.data).reduce(
    (sum, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0),
    0,
  );
  globalThis.gc?.();
  const resident = process.memoryUsage.rss();
  console.log(
    `${quads} quads; arrays: stars ${(catalog / 1e6).toFixed(1)} MB, levels ${(bytes / 1e6).toFixed(1)} MB`,
  );
  console.log(
    `resident: ${(resident / 1e6).toFixed(0)} MB, ${((resident - before) / 1e6).toFixed(0)} MB more than before`,
  );
}
