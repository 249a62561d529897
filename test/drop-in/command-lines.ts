import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableFits } from '../../src/fits/write-table.js';
import { SKY, writeFits } from './drop-in.js';

// The command lines of capture programs, from their sources (docs/other-programs.md has the addresses), for the rendered sky.

/** Blank-separated words, for the parts of a command line that hold no path. */
const words = (text: string): string[] => text.split(' ');

/** N.I.N.A.: ASTAPSolver.cs. */
export const ninaAstap = (image: string): string[] => [
  ...['-f', image],
  ...words('-fov 5 -z 2 -s 500 -r 30 -ra 5.61 -spd 87'),
];

/** KStars/Ekos with StellarSolver: externalextractorsolver.cpp. */
export const ekosAstap = (image: string, output: string): string[] => [
  ...['-o', output, '-speed', 'auto', '-f', image],
  ...words('-wcs -z 0 -fov 5.00347 -ra 5.61 -spd 87 -r 15 -log'),
];

/** CCDciel: cu_astrometry_engine.pas. */
export const ccdcielAstap = (image: string): string[] => [...words('-z 2 -r 15 -f'), image];

const EKOS_OUTPUTS =
  '-O --no-plots --no-verify --crpix-center --match none --corr none --new-fits none --rdls none';

/** KStars/Ekos with StellarSolver, with an image. */
export const ekosImage = (base: string): string[] => [
  ...words(`${EKOS_OUTPUTS} --resort --depth 1-50 --objs 50 --downsample 2 --odds-to-solve 1e+09`),
  ...words('--odds-to-tune-up 1e+06 -L 7.125 -H 7.875 -u degwidth -3 84.4 -4 -3.4 -5 15'),
  ...words('--no-remove-lines --uniformize 0 --fits-image -vv --backend-config'),
  ...[`${base}.cfg`, '--cancel', `${base}.cancel`, '-W', `${base}.wcs`, '--keep-xylist', `${base}.xyls`],
  `${base}.fits`,
];

/** KStars/Ekos with StellarSolver, with the stars that it has found. */
export const ekosList = (base: string): string[] => [
  ...words(`${EKOS_OUTPUTS} --resort --odds-to-solve 1e+09 --odds-to-tune-up 1e+06`),
  ...words('-L 28.5 -H 31.5 -u arcsecperpix --width 900 --height 600 --x-column X_IMAGE --y-column Y_IMAGE'),
  ...words(
    '--sort-column MAG_AUTO --sort-ascending --no-remove-lines --uniformize 0 --backend-config none.cfg',
  ),
  ...['--cancel', `${base}.cancel`, '-W', `${base}.wcs`, `${base}.xyls`],
];

/** Siril: astrometry_solver.c. */
export const siril = (list: string): string[] => [
  ...words('-C stop --temp-axy -p -O -N none -R none -M none -B none -U none -S none --crpix-center -l 10'),
  ...words('-u arcsecperpix -L 24.000 -H 36.000 -s FLUX -t 3 --ra 84.150000 --dec -3.000000 --radius 10.0'),
  list,
];

/** CCDciel: cu_astrometry_engine.pas. */
export const ccdciel = (image: string): string[] => [
  ...words('--overwrite --scale-low 27.5 --scale-high 33.5 --scale-units arcsecperpix --ra 84.2 --dec -2.8'),
  ...words('--radius 5 --objs 100 --downsample 2 --no-plots'),
  image,
];

/** The image and the configuration that KStars writes for solve-field. */
export async function writeEkosImage(base: string): Promise<void> {
  await writeFits(`${base}.fits`);
  const config = ['inparallel', 'minwidth 0.1', 'maxwidth 180', 'cpulimit 600', 'autoindex', 'add_path .'];
  await writeFile(`${base}.cfg`, `${config.join('\n')}\n`);
}

/** The brightest stars of the rendered sky, as another program would have measured them. */
function measured(): { x: number[]; y: number[]; mag: number[] } {
  const stars = SKY.stars.slice(0, 60);
  return { x: stars.map(({ x }) => x), y: stars.map(({ y }) => y), mag: stars.map(({ mag }) => mag) };
}

/** A list of stars as StellarSolver writes it. */
export async function writeEkosList(path: string): Promise<void> {
  const { x, y, mag } = measured();
  const list = tableFits([
    { name: 'X_IMAGE', format: 'E', values: x, unit: 'pixels' },
    { name: 'Y_IMAGE', format: 'E', values: y, unit: 'pixels' },
    { name: 'MAG_AUTO', format: 'E', values: mag, unit: 'magnitude' },
  ]);
  await writeFile(path, list);
}

/** A list of stars as Siril writes it, with the size of its image. */
export async function writeSirilList(dir: string, name: string): Promise<void> {
  const { x, y, mag } = measured();
  const flux = mag.map((m) => 10 ** (-0.4 * (m - 20)));
  const columns = { X: x, Y: y, FLUX: flux, BACKGROUND: mag.map(() => 100) };
  const table = Object.entries(columns).map(([column, values]) => ({
    name: column,
    format: 'E' as const,
    values,
  }));
  const cards = [
    { keyword: 'IMAGEW', value: SKY.width, comment: '' },
    { keyword: 'IMAGEH', value: SKY.height, comment: '' },
  ];
  await writeFile(join(dir, name), tableFits(table, cards));
}
