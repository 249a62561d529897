// One photograph, here and now, without jobs: node examples/script.mjs [IMAGE]
import { analyze } from 'astro-jobs';

const image = process.argv[2] ?? new URL('orion.jpg', import.meta.url).pathname;

const result = await analyze(image, {}, { onProgress: ({ stage }) => console.error(stage) });
if (!result.ok) {
  console.error(`${result.error_code}: ${result.error}`);
  process.exit(1);
}

const { ra_center, dec_center, fov_deg, objects } = result.astrometry;
console.log(
  `Centre ${ra_center.toFixed(3)}° ${dec_center.toFixed(3)}°, ${fov_deg.map((side) => side.toFixed(1)).join('° × ')}°`,
);
for (const { name, type, sep_arcmin } of objects.slice(0, 10)) {
  console.log(`${sep_arcmin.toFixed(1).padStart(7)}′  ${name}${type ? ` (${type})` : ''}`);
}
