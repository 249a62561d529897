import { codeOf } from '../../../src/engine/index-file/code.js';
import { card, emptyPrimary, headerBytes, paddingBytes } from '../../../src/fits/write-header.js';
import type { Random } from '../../sky/random.js';
import { type NumberType, type Table, type TreeForm, type WrittenTree, writeTree } from './kd-writer.js';

/** An invented piece of sky. */
export interface Sky {
  stars: number[][];
  magnitudes: number[];
  /** Numbers of stars. */
  quads: number[][];
  codes: number[][];
}

export interface IndexForm {
  codes: TreeForm;
  stars: TreeForm;
  order: 'little' | 'big';
  permuted: boolean;
}

export const USUAL_FORM: IndexForm = {
  codes: { data: 'u16', tree: 'u16', nodes: 'packed', leaves: 'stored' },
  stars: { data: 'u32', tree: 'u32', nodes: 'packed', leaves: 'stored' },
  order: 'little',
  permuted: false,
};

/** Stars at random within some degrees of a pole, and quads of neighbours. */
export function inventSky(random: Random, starCount: number, quadCount: number, dimQuads: number): Sky {
  const stars = Array.from({ length: starCount }, () => {
    const [x, y] = [0.2 * random.normal(), 0.2 * random.normal()];
    const length = Math.hypot(x, y, 1);
    return [x / length, y / length, 1 / length];
  });
  const quads: number[][] = [];
  const codes: number[][] = [];
  while (quads.length < quadCount) {
    const quad = Array.from({ length: dimQuads }, () => Math.floor(starCount * random.uniform()));
    const code = new Array<number>(2 * (dimQuads - 2));
    codeOf(
      quad.flatMap((star) => stars[star]!),
      code,
    );
    // Codes outside the circle over AB, or of one star twice, are none that an index holds.
    if (new Set(quad).size < dimQuads || !code.every((value) => value > -0.2 && value < 1.2)) continue;
    quads.push(quad);
    codes.push(code);
  }
  return { stars, magnitudes: stars.map(() => 4 + 6 * random.uniform()), quads, codes };
}

/** An index file of that sky. */
export function writeIndex(sky: Sky, form: IndexForm): Uint8Array {
  const half = Math.SQRT1_2;
  const codes = writeTree('codes', sky.codes, 0.5 - half, 0.5 + half, form.codes);
  const stars = writeTree('stars', sky.stars, -1, 1, form.stars);
  const dimQuads = sky.quads[0]!.length;
  // A file that is not permuted numbers stars and quads by the rows of its trees.
  const rowOfStar = new Map(stars.rowItems.map((star, row) => [star, row]));
  const quads = form.permuted
    ? sky.quads
    : codes.rowItems.map((quad) => sky.quads[quad]!.map((star) => rowOfStar.get(star)!));
  const magnitudes = form.permuted ? sky.magnitudes : stars.rowItems.map((star) => sky.magnitudes[star]!);
  const endian = card('ENDIAN', form.order === 'little' ? '04:03:02:01' : '01:02:03:04');
  const unit = (table: Table): Buffer[] => tableUnit(table, form.order);
  return Buffer.concat([
    emptyPrimary([
      endian,
      card('DIMQUADS', dimQuads),
      card('NQUADS', sky.quads.length),
      card('NSTARS', sky.stars.length),
      card('SCALE_U', 0.5),
      card('SCALE_L', 0.01),
      card('INDEXID', 9901),
      card('HEALPIX', -1),
      card('HPNSIDE', 0),
    ]),
    ...unit({ name: 'quads', type: 'u32', width: dimQuads, values: quads.flat() }),
    ...treeUnits('codes', codes, 2 * (dimQuads - 2), form.codes, form),
    ...treeUnits('stars', stars, 3, form.stars, form),
    ...unit({ name: 'sweep', type: 'u8', width: 1, values: sky.stars.map((_, star) => star % 256) }),
    ...tableUnit({ name: 'MAG_VT', type: 'float', width: 1, values: magnitudes }, 'big', [
      card('AN_FILE', 'TAGALONG'),
    ]),
  ]);
}

function treeUnits(
  name: string,
  tree: WrittenTree,
  dimensions: number,
  types: TreeForm,
  form: IndexForm,
): Buffer[] {
  const header = headerBytes([
    ...tableCards(`kdtree_header_${name}`, 0, 0),
    card('ENDIAN', form.order === 'little' ? '04:03:02:01' : '01:02:03:04'),
    ...(['CXDX', 'CXDXLT1', 'CIRCLE'] as const).map((flag) => card(flag, true)),
    card('KDT_NAME', name),
    card('KDT_NDAT', tree.rowItems.length),
    card('KDT_NDIM', dimensions),
    card('KDT_NNOD', tree.nodes),
    card('KDT_EXT', 'double'),
    card('KDT_INT', types.tree),
    card('KDT_DATA', types.data),
    card('KDT_LINL', types.leaves === 'linear'),
  ]);
  const permutation: Table = { name: `kdtree_perm_${name}`, type: 'u32', width: 1, values: tree.rowItems };
  const tables = form.permuted ? [permutation, ...tree.tables] : tree.tables;
  return [header, ...tables.flatMap((table) => tableUnit(table, form.order))];
}

const BYTES: Record<NumberType, number> = { u8: 1, u16: 2, u32: 4, float: 4, double: 8 };

function tableCards(name: string, rowBytes: number, rows: number, form = `${rowBytes}A`) {
  return [
    card('XTENSION', 'BINTABLE'),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', rowBytes),
    card('NAXIS2', rows),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', 1),
    card('TFORM1', form),
    card('TTYPE1', name),
  ];
}

function tableUnit(
  { name, type, width, values }: Table,
  order: 'little' | 'big',
  cards: ReturnType<typeof card>[] = [],
): Buffer[] {
  const bytes = BYTES[type];
  const data = Buffer.alloc(values.length * bytes);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isLittle = order === 'little';
  values.forEach((value, i) => {
    if (type === 'u8') view.setUint8(i, value);
    else if (type === 'u16') view.setUint16(2 * i, value, isLittle);
    else if (type === 'u32') view.setUint32(4 * i, value >>> 0, isLittle);
    else if (type === 'float') view.setFloat32(4 * i, value, isLittle);
    else view.setFloat64(8 * i, value, isLittle);
  });
  const form = type === 'float' ? '1E' : undefined;
  const header = headerBytes([...tableCards(name, width * bytes, values.length / width, form), ...cards]);
  return [header, data, paddingBytes(data.length)];
}
