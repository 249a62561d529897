// Builds data/ephemeris.json.br, the series by which Sun, Moon and planets are found, from the data of astronomia (a development
// dependency): VSOP87B and ELP/MPP02 without the terms that move a body by less than CUT_ARCSEC.
// `node scripts/build-ephemeris.mjs [FILE]`; the same input gives the same bytes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import data from 'astronomia/data';

const CUT_ARCSEC = 0.02;
const ARCSEC = Math.PI / 648_000;
const KM_PER_AU = 149_597_870.7;
/** Powers of the time are weighed as they are 60 years from J2000. */
const YEARS = 60;
const PLANETS = ['mercury', 'venus', 'earth', 'mars', 'jupiter', 'saturn', 'uranus', 'neptune'];

const digits = (value, count) => Number(value.toPrecision(count));
/** To a millionth of an arcsecond: the largest are mean motions. */
const amplitude = (value) => digits(value, Math.abs(value) > 1e-3 ? 14 : 8);

/** Terms of one coordinate, by the power of the time: [amplitude, phase polynomial…], of a sine. */
function reduce(powers, cut, span, toTerm) {
  return Object.keys(powers).map((power) =>
    powers[power].filter(([size]) => Math.abs(size) * span ** power > cut).map(toTerm),
  );
}

const cosine = ([size, phase, rate]) => [amplitude(size), digits(phase + Math.PI / 2, 9), digits(rate, 12)];

function planet(name) {
  const series = data[name];
  // The Earth's place is half of every direction, and nearer to some planets than the Sun.
  const cut = CUT_ARCSEC * ARCSEC * (name === 'earth' ? 0.5 : 1);
  const [[[distance]]] = [series.R[0]];
  const span = YEARS / 1000;
  return {
    days: 365_250,
    L: reduce(series.L, cut, span, cosine),
    B: reduce(series.B, cut, span, cosine),
    R: reduce(series.R, cut * distance, span, cosine),
  };
}

function moon() {
  const { W1, L, B, R } = data.elpMppDe;
  const span = YEARS / 100;
  const scaled = (unit) => (term) => {
    const kept = [amplitude(term[0] * unit), digits(term[1], 9), digits(term[2], 12), ...term.slice(3)];
    return kept.map((value, i) => (i < 3 ? value : digits(value, 5)));
  };
  const [distance] = R[0][0];
  return {
    days: 36_525,
    mean: W1,
    L: reduce(L, CUT_ARCSEC, span, scaled(ARCSEC)),
    B: reduce(B, CUT_ARCSEC, span, scaled(ARCSEC)),
    R: reduce(R, CUT_ARCSEC * ARCSEC * Math.abs(distance), span, scaled(1 / KM_PER_AU)),
  };
}

const text = JSON.stringify({
  ...Object.fromEntries(PLANETS.map((name) => [name, planet(name)])),
  moon: moon(),
});
const target = process.argv[2] ?? fileURLToPath(new URL('../data/ephemeris.json.br', import.meta.url));
writeFileSync(
  target,
  brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  }),
);
