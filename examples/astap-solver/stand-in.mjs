#!/usr/bin/env node
// A stand-in for ASTAP, which has no star database in Debian: it takes ASTAP's arguments and writes ASTAP's files, but knows
// the solution from a file `IMAGE.truth.json` beside the image instead of finding it. {"wait_seconds": N} makes it slow.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';

const options = {};
for (let i = 2; i < argv.length; i++) {
  const name = argv[i].slice(1);
  options[name] = argv[i + 1]?.startsWith('-') || argv[i + 1] === undefined ? true : argv[++i];
}

function finish(fields, code) {
  const lines = Object.entries({ ...fields, CMDLINE: argv.slice(1).join(' ') }).map(
    ([key, value]) => `${key}=${value}`,
  );
  writeFileSync(`${options.o}.ini`, `${lines.join('\r\n')}\r\n`);
  exit(code);
}

let truth;
try {
  truth = JSON.parse(readFileSync(`${realpathSync(options.f)}.truth.json`, 'utf8'));
} catch {
  finish({ PLTSOLVD: 'F', ERROR: 'No solution found!' }, 1);
}
if (truth.wait_seconds) await new Promise((resolve) => setTimeout(resolve, truth.wait_seconds * 1000));
if (!truth.wcs) finish({ PLTSOLVD: 'F', ERROR: 'No solution found!' }, 1);

// ASTAP searches within `-r` degrees of where it is told to.
const { wcs } = truth;
if (options.ra !== undefined) {
  const [ra, dec] = [(Number(options.ra) * Math.PI) / 12, ((Number(options.spd) - 90) * Math.PI) / 180];
  const [ra0, dec0] = [wcs.CRVAL1, wcs.CRVAL2].map((degrees) => (degrees * Math.PI) / 180);
  const cosine = Math.sin(dec) * Math.sin(dec0) + Math.cos(dec) * Math.cos(dec0) * Math.cos(ra - ra0);
  if ((Math.acos(Math.min(1, cosine)) * 180) / Math.PI > Number(options.r))
    finish({ PLTSOLVD: 'F', ERROR: 'No solution found!' }, 1);
}
const cards = Object.entries({ CTYPE1: "'RA---TAN'", CTYPE2: "'DEC--TAN'", ...wcs }).map(([key, value]) =>
  `${key.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80),
);
const header = `${'SIMPLE  =                    T'.padEnd(80)}${cards.join('')}${'END'.padEnd(80)}`;
writeFileSync(`${options.o}.wcs`, header.padEnd(Math.ceil(header.length / 2880) * 2880));
finish({ PLTSOLVD: 'T', ...wcs }, 0);
