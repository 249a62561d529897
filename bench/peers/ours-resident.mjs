// `analyze()` of the built package as a resident process: one line of JSON after another, {"path", "params"} in, {"wall_s", "cpu_s", "field"?} out.
import { createInterface } from 'node:readline';
import { analyze } from '../../dist/index.js';
import { timed } from '../shared/cpu-seconds.mjs';

console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const { path, params } = JSON.parse(line);
  const { result, ...times } = await timed(() => analyze(path, params));
  const sky = result.astrometry;
  const field = result.ok && { ra: sky.ra_center, dec: sky.dec_center, scale: sky.pixscale_arcsec };
  console.log(JSON.stringify({ ...times, ...(field && { field }) }));
}
process.exit();
