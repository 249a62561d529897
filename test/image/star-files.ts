import { fitsOf } from './files.js';

export interface ListedStar {
  x: number;
  y: number;
  flux: number;
}

/** A column of 64-bit floats: one number in every row, or several. */
type Column = readonly (number | readonly number[])[];

const NO_PICTURE = [
  'SIMPLE  =                    T',
  'BITPIX  =                    8',
  'NAXIS   =                    0',
  'EXTEND  =                    T',
];

function tableOf(columns: Readonly<Record<string, Column>>): Buffer {
  const entries = Object.entries(columns).map(([name, cells]) => ({
    name,
    cells: cells.map((cell) => (typeof cell === 'number' ? [cell] : cell)),
  }));
  const rows = Array.from({ length: entries[0]!.cells.length }, (_, row) =>
    entries.flatMap(({ cells }) => cells[row]!),
  );
  const width = entries.reduce((sum, { cells }) => sum + cells[0]!.length, 0);
  const data = Buffer.alloc(8 * rows.length * width);
  for (const [at, value] of rows.flat().entries()) data.writeDoubleBE(value, 8 * at);
  const integer = (name: string, value: number) => `${name.padEnd(8)}= ${String(value).padStart(20)}`;
  const cards = entries.flatMap(({ name, cells }, i) => [
    `TTYPE${i + 1}  = '${name.padEnd(8)}'`,
    `TFORM${i + 1}  = '${`${cells[0]!.length}D`.padEnd(8)}'`,
  ]);
  return fitsOf(
    [
      "XTENSION= 'BINTABLE'",
      integer('BITPIX', 8),
      integer('NAXIS', 2),
      integer('NAXIS1', 8 * width),
      integer('NAXIS2', rows.length),
      integer('PCOUNT', 0),
      integer('GCOUNT', 1),
      integer('TFIELDS', entries.length),
      ...cards,
    ],
    data,
  );
}

/** A FITS file of tables, one after the other. */
export function tablesFits(...tables: Readonly<Record<string, Column>>[]): Buffer {
  return Buffer.concat([fitsOf(NO_PICTURE), ...tables.map(tableOf)]);
}

const lines = (...all: string[]) => `${all.join('\n')}\n`;

/** The same stars, counted from 1 in FITS pixels, in the writings of the programs that find stars. */
export const STAR_FILES: Readonly<Record<string, (stars: readonly ListedStar[]) => Buffer | string>> = {
  'astrometry.net xylist': (stars) =>
    tablesFits({ X: stars.map(({ x }) => x), Y: stars.map(({ y }) => y), FLUX: stars.map((s) => s.flux) }),
  'SExtractor FITS_1.0': (stars) =>
    tablesFits({
      NUMBER: stars.map((_, i) => i + 1),
      FLUX_APER: stars.map(({ flux }) => [flux, 2 * flux, 3 * flux]),
      X_IMAGE: stars.map(({ x }) => x),
      Y_IMAGE: stars.map(({ y }) => y),
      ALPHA_J2000: stars.map(() => 0),
      DELTA_J2000: stars.map(() => 0),
    }),
  'SExtractor FITS_LDAC': (stars) =>
    tablesFits(
      { 'Field Header Card': [1] },
      {
        X_IMAGE: stars.map(() => -1),
        Y_IMAGE: stars.map(() => -1),
        XWIN_IMAGE: stars.map(({ x }) => x),
        YWIN_IMAGE: stars.map(({ y }) => y),
        MAG_AUTO: stars.map(({ flux }) => -2.5 * Math.log10(flux)),
      },
    ),
  'SExtractor ASCII_HEAD': (stars) =>
    lines(
      '#   1 NUMBER                 Running object number',
      '#   2 MAG_AUTO               Kron-like elliptical aperture magnitude             [mag]',
      '#   3 X_IMAGE                Object position along x                             [pixel]',
      '#   4 Y_IMAGE                Object position along y                             [pixel]',
      ...stars.map(
        ({ x, y, flux }, i) => `${String(i + 1).padStart(10)} ${-2.5 * Math.log10(flux)} ${x}  ${y}`,
      ),
    ),
  'photutils FITS': (stars) =>
    tablesFits({
      id: stars.map((_, i) => i + 1),
      xcentroid: stars.map(({ x }) => x - 1),
      ycentroid: stars.map(({ y }) => y - 1),
      mag: stars.map(() => 0),
      flux: stars.map(({ flux }) => flux),
    }),
  'photutils ECSV': (stars) =>
    lines(
      '# %ECSV 1.0',
      '# ---',
      '# datatype:',
      '# - {name: id, datatype: int64}',
      '# - {name: xcentroid, datatype: float64}',
      '# - {name: ycentroid, datatype: float64}',
      '# - {name: flux, datatype: float64}',
      '# meta: !!omap',
      '# - {date: 2023-01-01}',
      '# schema: astropy-2.0',
      'id xcentroid ycentroid flux',
      ...stars.map(({ x, y, flux }, i) => `${i + 1} ${x - 1} ${y - 1} ${flux}`),
    ),
  'photutils CSV': (stars) =>
    ['id,xcentroid,ycentroid,flux', ...stars.map((s, i) => [i + 1, s.x - 1, s.y - 1, s.flux].join())].join(
      '\r\n',
    ),
  'IRAF DAOFIND': (stars) =>
    lines(
      '#K IRAF       = NOAO/IRAFV2.16          version    %-23s',
      '#K TASK       = daofind                 name       %-23s',
      '#N XCENTER   YCENTER   MAG      SHARPNESS   SROUND      GROUND      ID         \\',
      '#U pixels    pixels    #        #           #           #           #          \\',
      '#F %-13.3f   %-10.3f   %-9.3f   %-12.3f     %-12.3f     %-12.3f     %-6d       \\',
      '#',
      ...stars.map(({ x, y, flux }, i) =>
        [x, y, -2.5 * Math.log10(flux), 0.6, 0.1, 0.1, i + 1].map(String).join('   '),
      ),
    ),
  'plain columns': (stars) => lines(...stars.map(({ x, y, flux }) => `${x} ${y} ${flux}`)),
  'a comment with names': (stars) =>
    lines('# flux x y', '# made by hand', ...stars.map(({ x, y, flux }) => `${flux}\t${x}\t${y}`)),
};
