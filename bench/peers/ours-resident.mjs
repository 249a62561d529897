// `analyze()` of the built package as a resident process: one line of JSON after another, {"path", "params"} in, {"wall_s", "cpu_s", "field" or "problem"} out.
import { createInterface } from 'node:readline';
import { analyze } from '../../dist/index.js';
import { timed } from '../shared/cpu-seconds.mjs';

console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const { path, params } = JSON.parse(line);
  const { result, ...times } = await timed(() => analyze(path, params));
  const sky = result.astrometry;
  const found = result.ok
    ? { field: { ra: sky.ra_center, dec: sky.dec_center, scale: sky.pixscale_arcsec } }
    : { problem: result.error };
  console.log(JSON.stringify({ ...times, ...found }));
}
process.exit();
