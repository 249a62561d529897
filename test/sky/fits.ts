import type { SipDistortion, Wcs } from '../../src/wcs/wcs.js';
import type { Canvas } from './canvas.js';

export type FitsValue = string | number | boolean;
export type Bitpix = 8 | 16 | 32 | -32 | -64;
const BLOCK = 2880;

function card(name: string, value: FitsValue): string {
  const text =
    typeof value === 'string'
      ? `'${value.replaceAll("'", "''").padEnd(8)}'`
      : (typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value).replace('e', 'E')).padStart(20);
  const line = `${name.padEnd(8)}= ${text}`;
  if (line.length > 80) throw new Error(`The FITS card ${name} is longer than 80 characters`);
  return line.padEnd(80);
}

/**
 * A FITS image (Standard 4.0) with the canvas's first row as its first row; three channels become a cube of three planes.
 * 8 bit holds 0–255; 16 and 32 bit hold 0–65535, the former unsigned by BZERO as cameras write it; floats hold 0–1.
 */
export function fitsFile(
  canvas: Canvas,
  bitpix: Bitpix,
  header: Readonly<Record<string, FitsValue>> = {},
): Buffer {
  const { data, width, height, channels } = canvas;
  const axes =
    channels === 3
      ? { NAXIS: 3, NAXIS1: width, NAXIS2: height, NAXIS3: 3 }
      : { NAXIS: 2, NAXIS1: width, NAXIS2: height };
  const scaling: Record<string, FitsValue> = bitpix === 16 ? { BZERO: 32768, BSCALE: 1 } : {};
  const cards = Object.entries({ SIMPLE: true, BITPIX: bitpix, ...axes, ...scaling, ...header });
  const text = `${cards.map(([name, value]) => card(name, value)).join('')}${'END'.padEnd(80)}`;
  const headerBytes = Math.ceil(text.length / BLOCK) * BLOCK;
  const bytes = Math.abs(bitpix) / 8;
  const file = Buffer.alloc(headerBytes + Math.ceil((data.length * bytes) / BLOCK) * BLOCK);
  file.fill(' ', 0, headerBytes).write(text, 'latin1');

  const view = new DataView(file.buffer, file.byteOffset + headerBytes);
  const put: Record<Bitpix, (at: number, value: number) => void> = {
    8: (at, value) => view.setUint8(at, Math.round(value * 255)),
    16: (at, value) => view.setInt16(at, Math.round(value * 65535) - 32768),
    32: (at, value) => view.setInt32(at, Math.round(value * 65535)),
    [-32]: (at, value) => view.setFloat32(at, value),
    [-64]: (at, value) => view.setFloat64(at, value),
  };
  const write = put[bitpix];
  const plane = width * height;
  for (let c = 0, at = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++, at += bytes) write(at, data[i * channels + c]!);
  }
  return file;
}

/** The cards of a plate solution, as solvers and reduction programs leave them in a header. */
export function wcsCards({ crval, crpix, cd, sip }: Wcs): Record<string, FitsValue> {
  const kind = sip ? '-SIP' : '';
  return {
    CTYPE1: `RA---TAN${kind}`,
    CTYPE2: `DEC--TAN${kind}`,
    CUNIT1: 'deg',
    CUNIT2: 'deg',
    EQUINOX: 2000,
    CRVAL1: crval[0],
    CRVAL2: crval[1],
    CRPIX1: crpix[0],
    CRPIX2: crpix[1],
    CD1_1: cd[0][0],
    CD1_2: cd[0][1],
    CD2_1: cd[1][0],
    CD2_2: cd[1][1],
    ...(sip ? sipCards(sip) : {}),
  };
}

function sipCards({ a, b }: SipDistortion): Record<string, FitsValue> {
  const order = a.length - 1;
  const polynomial = (name: string, c: number[][]): [string, FitsValue][] => [
    [`${name}_ORDER`, order],
    ...c.flatMap((row, p) => row.map((value, q): [string, FitsValue] => [`${name}_${p}_${q}`, value])),
  ];
  return Object.fromEntries([...polynomial('A', a), ...polynomial('B', b)]);
}
