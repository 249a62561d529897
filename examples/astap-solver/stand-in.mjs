#!/usr/bin/env node
// A stand-in for ASTAP, whose Debian package has no star database. It takes ASTAP's arguments and writes ASTAP's files, but it
// does not look at the pixels: the solution comes from a file IMAGE.truth.json beside the image,
//   { "wcs": { "CRVAL1": …, … "CD2_2": … }, "height": pixels, "wait_seconds": N, "error": "Not enough stars." }
// with rows counted as in the file. Without such a file it finds nothing.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const RAD = Math.PI / 180;
const options = {};
for (let i = 2; i < argv.length; i++) {
  const name = argv[i].slice(1);
  options[name] = argv[i + 1] === undefined || argv[i + 1].startsWith('-') ? true : argv[++i];
}

/** As ASTAP does, it exits with 1 whatever the failure is. */
function finish(fields) {
  const values = { ...fields, CMDLINE: argv.slice(1).join(' ') };
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  writeFileSync(`${options.o}.ini`, `\n${lines.join('\n')}\n`);
  exit(fields.PLTSOLVD === 'T' ? 0 : 1);
}

/** Whether the field lies where it is to be searched, and is about as high as it is said to be. */
function isSearched({ CRVAL1, CRVAL2, CD1_1, CD1_2, CD2_1, CD2_2 }, height) {
  const high_deg = height * Math.sqrt(Math.abs(CD1_1 * CD2_2 - CD1_2 * CD2_1));
  const said = options.fov === undefined ? high_deg : Number(options.fov);
  if (Math.abs(Math.log(said / high_deg)) > Math.log(1.5)) return false;
  if (options.ra === undefined) return true;
  const [dec, dec0] = [(Number(options.spd) - 90) * RAD, CRVAL2 * RAD];
  const turn = (15 * Number(options.ra) - CRVAL1) * RAD;
  const cosine = Math.sin(dec) * Math.sin(dec0) + Math.cos(dec) * Math.cos(dec0) * Math.cos(turn);
  return Math.acos(Math.min(1, cosine)) / RAD <= Number(options.r);
}

function readTruth() {
  try {
    return JSON.parse(readFileSync(`${realpathSync(options.f)}.truth.json`, 'utf8'));
  } catch {
    return {};
  }
}

const { wcs, height, wait_seconds = 0, error } = readTruth();
await sleep(wait_seconds * 1000);
if (error) finish({ PLTSOLVD: 'F', ERROR: error });
if (!wcs || !isSearched(wcs, height)) finish({ PLTSOLVD: 'F' });

// ASTAP counts the rows of everything but FITS from the last one.
const solution = /\.fits?$/.test(options.f)
  ? wcs
  : { ...wcs, CRPIX2: height + 1 - wcs.CRPIX2, CD1_2: -wcs.CD1_2, CD2_2: -wcs.CD2_2 };
const cards = Object.entries({ CTYPE1: "'RA---TAN'", CTYPE2: "'DEC--TAN'", ...solution }).map(
  ([key, value]) => `${key.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80),
);
const header = [`SIMPLE  = ${'T'.padStart(20)}`.padEnd(80), ...cards, 'END'.padEnd(80)].join('');
writeFileSync(`${options.o}.wcs`, header.padEnd(Math.ceil(header.length / 2880) * 2880));
finish({ PLTSOLVD: 'T', ...solution });
