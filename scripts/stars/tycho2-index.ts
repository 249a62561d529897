import { closeSync, openSync, readSync } from 'node:fs';
import { DEG, normalizeRa } from '../../src/wcs/sphere.js';
import type { CatalogueStar } from './encode.js';

const BLOCK = 2880;
const CARD = 80;

/** A unit of a FITS file: its cards, and where its data lie. */
interface Unit {
  cards: Map<string, string>;
  offset: number;
  bytes: number;
}

/**
 * The stars of one of Debian's little-endian Tycho-2 index files, with the column MAG_VT. Only what those files hold is read: unit
 * vectors as 32-bit counts, MAG_VT as big-endian floats, one after another in the same order.
 */
export function readTycho2Index(path: string): CatalogueStar[] {
  const file = openSync(path, 'r');
  try {
    const units = readUnits(file);
    const unit = (name: string): Buffer => {
      const found = units.find(({ cards }) => cards.get('TTYPE1') === name);
      if (!found) throw new Error(`${path} has no table ${name}`);
      return readBytes(file, found.offset, found.bytes);
    };
    if (units[0]?.cards.get('ENDIAN') !== '04:03:02:01') throw new Error(`${path} is not little-endian`);
    const [range, data, magnitudes] = [unit('kdtree_range_stars'), unit('kdtree_data_stars'), unit('MAG_VT')];
    const low = [0, 1, 2].map((axis) => range.readDoubleLE(8 * axis));
    const step = 1 / range.readDoubleLE(48);
    const stars: CatalogueStar[] = [];
    for (let i = 0; i < data.length / 12; i++) {
      const [x, y, z] = low.map((least, axis) => least + step * data.readUInt32LE(12 * i + 4 * axis));
      const magnitude = magnitudes.readFloatBE(4 * i);
      if (!Number.isFinite(magnitude)) continue;
      // Three axes were read.
      const ra_deg = normalizeRa(Math.atan2(y!, x!) * DEG);
      stars.push({ ra_deg, dec_deg: Math.atan2(z!, Math.hypot(x!, y!)) * DEG, magnitude });
    }
    return stars;
  } finally {
    closeSync(file);
  }
}

function readUnits(file: number): Unit[] {
  const units: Unit[] = [];
  for (let offset = 0; ; ) {
    const cards = new Map<string, string>();
    for (let ended = false; !ended; offset += BLOCK) {
      const block = readBytes(file, offset, BLOCK).toString('latin1');
      if (block === '') return units;
      for (let at = 0; at < block.length && !ended; at += CARD) {
        const card = block.slice(at, at + CARD);
        ended = card.startsWith('END ');
        const value = /^= +(?:'([^']*)'|([^/]*))/.exec(card.slice(8));
        if (value) cards.set(card.slice(0, 8).trim(), (value[1] ?? value[2] ?? '').trim());
      }
    }
    const number = (key: string, otherwise: number) => Number(cards.get(key) ?? otherwise);
    let bytes = number('NAXIS', 0) === 0 ? 0 : Math.abs(number('BITPIX', 8)) / 8;
    for (let axis = 1; axis <= number('NAXIS', 0); axis++) bytes *= number(`NAXIS${axis}`, 0);
    units.push({ cards, offset, bytes });
    offset += Math.ceil(bytes / BLOCK) * BLOCK;
  }
}

function readBytes(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}
