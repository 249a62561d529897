import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { openImage } from '../../src/image/open.js';
import { pixelScale } from '../../src/solver/search/respects-bounds.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { solveBuiltin } from './solve-builtin.js';

/** What people do to photographs before they have them solved: how it is done, and where a place of the original (shares of its sides) is then. */
interface Variant {
  name: string;
  make(image: Sharp, width: number, height: number): Sharp;
  place(u: number, v: number): readonly [u: number, v: number];
}

const same = (u: number, v: number) => [u, v] as const;
const resized = (share: number): Variant => ({
  name: `${100 * share} %`,
  make: (image, width) => image.resize({ width: Math.round(share * width) }),
  place: same,
});
const VARIANTS: readonly Variant[] = [
  { name: 'as it is', make: (image) => image, place: same },
  resized(0.75),
  resized(0.5),
  { name: 'quality 60', make: (image) => image.jpeg({ quality: 60 }), place: same },
  { name: 'turned by 90°', make: (image) => image.rotate(90), place: (u, v) => [1 - v, u] },
  { name: 'mirrored', make: (image) => image.flop(), place: (u, v) => [1 - u, v] },
  {
    name: 'middle 60 %',
    make: (image, width, height) =>
      image.extract({
        left: Math.round(0.2 * width),
        top: Math.round(0.2 * height),
        width: Math.round(0.6 * width),
        height: Math.round(0.6 * height),
      }),
    place: (u, v) => [(u - 0.2) / 0.6, (v - 0.2) / 0.6],
  },
  { name: 'half as bright', make: (image) => image.linear(0.5, 0), place: same },
  { name: 'brighter', make: (image) => image.linear(1.4, 20), place: same },
];
/** A solution that is off by more than this share of the diagonal is wrong. */
const MAX_OFF = 0.01;
const PLACES = [
  [0.5, 0.5],
  [0.4, 0.4],
  [0.6, 0.6],
] as const;

/** Photographs that are solved, changed as people change them, solved again, and compared with the original's solution. */
export async function variantsSection(images: string): Promise<{ text: string; isGood: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-variants-'));
  const counts = VARIANTS.map(() => ({ tried: 0, solved: 0, wrong: 0 }));
  const failures: string[] = [];
  try {
    for (const file of (await readdir(images)).sort()) {
      if (!/\.(jpe?g|png|webp|tif)$/i.test(file) || /^(bad_|deriv_|misnamed_)/.test(file)) continue;
      const original = await solveFile(join(images, file));
      if (!original) continue;
      for (const [at, variant] of VARIANTS.entries()) {
        const count = counts[at];
        if (!count) continue;
        const path = join(folder, 'variant.jpg');
        const picture = sharp(await readFile(join(images, file)), { failOn: 'none' });
        const { width, height } = await picture.metadata();
        await variant.make(picture, width, height).jpeg({ quality: 92, force: false }).toFile(path);
        const solved = await solveFile(path);
        count.tried++;
        const off = solved && offBy(solved, original, variant);
        if (off === undefined) failures.push(`${file}, ${variant.name}`);
        else if (off <= MAX_OFF) count.solved++;
        else {
          count.wrong++;
          failures.push(`${file}, ${variant.name}: wrong`);
        }
        console.log(file, variant.name, off === undefined ? 'not solved' : off.toFixed(5));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const rows = counts.map(
    ({ tried, solved, wrong }, at) => `| ${VARIANTS[at]?.name} | ${solved}/${tried} | ${wrong} |`,
  );
  const text = `Photographs that \`builtin\` solves, changed as people change them and solved again, blind; a solution that puts the middle of the picture more than 1 % of the diagonal elsewhere than
that of the original is wrong.

| changed | solved | wrong |
| --- | --- | --- |
${rows.join('\n')}

Not solved: ${failures.join('; ') || 'none'}.`;
  return { text, isGood: counts.every(({ wrong }) => wrong === 0) };
}

async function solveFile(path: string): Promise<Wcs | undefined> {
  const outcome = await solveBuiltin(await openImage(path));
  return outcome.kind === 'plate' ? outcome.wcs : undefined;
}

/** How far apart the two solutions put places about the middle, at the worst, in diagonals of the original. */
function offBy(variant: Wcs, original: Wcs, { place }: Variant): number {
  const at = ({ width, height }: Wcs, [u, v]: readonly [number, number]) =>
    [0.5 + u * width, 0.5 + v * height] as const;
  const offs = PLACES.map(([u, v]) => {
    const here = pixelToSky(variant, ...at(variant, place(u, v)));
    const there = pixelToSky(original, ...at(original, [u, v]));
    return (3600 * separation(...here, ...there)) / pixelScale(original);
  });
  return Math.max(...offs) / Math.hypot(original.width, original.height);
}
