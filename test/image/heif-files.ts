import { box } from './raw-files.js';

/** One picture of 64×48 pixels, red rising to the right and green downwards, coded by x265 4.0 (Annex B stream). */
const HEVC =
  'AAAAAUABDAH//wFgAAADAJAAAAMAAAMAHpWYCQAAAAFCAQEBYAAAAwCQAAADAAADAB6gIIMWWVmuTK5oCAAAAwAIAAADAMhA' +
  'AAAAAUQBwXPQiQAAASgBrwngPl+2uB1QliiZIQlRdtHJmLkG959gv0cKNl+WugUA0c4KdhJiNyzTywzT58yFeJ+TKg0s+npS' +
  '0CveOG0PZUU9WSkQEShU4YS0y5+xmQh2Z21/VHyI9u9WnV2KvCzL3O0TLKTU8SdDnc2lZXi2j6KVL/IM5p+hHk2MaFY/erp5' +
  '/AiJNBLoKFq/XF2bKjEINX+FHhB8sCFkY7YUXC/xjKSYXr9rgLL16Dsz5CBdNHvzw8GnUifUhdwuTl6QNGsUc0Xis5hmdfKB' +
  'Rvto+vVrlGofAZNDt7Cy1nabUiN7816g/t49rfA=';

/** The units of the stream: parameter sets first, the picture last. A start code may have one more zero before it. */
function units(): Buffer[] {
  const stream = Buffer.from(HEVC, 'base64').toString('latin1');
  const parts = stream.split('\0\0\x01').map((part) => (part.endsWith('\0') ? part.slice(0, -1) : part));
  return parts.filter((part) => part !== '').map((part) => Buffer.from(part, 'latin1'));
}

const u8 = (...values: number[]) => Buffer.from(values);
const u16 = (value: number) => u8(value >> 8, value & 255);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const full = (type: string, ...content: readonly Buffer[]) => box(type, u32(0), ...content);
const withLength = (unit: Buffer) => Buffer.concat([u32(unit.length), unit]);

function decoderConfiguration(sets: readonly Buffer[]): Buffer {
  // Main profile, level 1, 4:2:0, 8 bits, lengths of four bytes.
  const head = u8(
    1,
    1,
    0x60,
    0,
    0,
    0,
    0x90,
    0,
    0,
    0,
    0,
    0,
    30,
    0xf0,
    0,
    0xfc,
    0xfd,
    0xf8,
    0xf8,
    0,
    0,
    0x0f,
    sets.length,
  );
  const arrays = sets.map((set) =>
    Buffer.concat([u8(0x80 | ((set[0]! >> 1) & 63)), u16(1), u16(set.length), set]),
  );
  return box('hvcC', head, ...arrays);
}

/** A HEIC file as phones write it, of that picture, with EXIF and turned by quarters against the clock. */
export function heicOf(exif?: Buffer, quarters = 0): Buffer {
  const all = units();
  const picture = withLength(all.at(-1)!);
  const sets = all.slice(0, -1).filter((unit) => [32, 33, 34].includes((unit[0]! >> 1) & 63));
  const block = exif ? Buffer.concat([u32(0), exif]) : undefined;
  const entry = (id: number, type: string) =>
    box('infe', u8(2, 0, 0, 0), u16(id), u16(0), Buffer.from(`${type}\0`, 'latin1'));
  const properties = [
    decoderConfiguration(sets),
    full('ispe', u32(64), u32(48)),
    ...(quarters > 0 ? [box('irot', u8(quarters))] : []),
  ];
  const items = block ? 2 : 1;
  const meta = (at: number) => {
    const location = (id: number, place: number, length: number) =>
      Buffer.concat([u16(id), u16(0), u16(1), u32(place), u32(length)]);
    return full(
      'meta',
      full('hdlr', u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      full('pitm', u16(1)),
      full(
        'iloc',
        u8(0x44, 0),
        u16(items),
        location(1, at, picture.length),
        ...(block ? [location(2, at + picture.length, block.length)] : []),
      ),
      full('iinf', u16(items), entry(1, 'hvc1'), ...(block ? [entry(2, 'Exif')] : [])),
      ...(block ? [full('iref', box('cdsc', u16(2), u16(1), u16(1)))] : []),
      box(
        'iprp',
        box('ipco', ...properties),
        full(
          'ipma',
          u32(1),
          u16(1),
          u8(properties.length),
          u8(0x81, 0x02, 0x83).subarray(0, properties.length),
        ),
      ),
    );
  };
  const ftyp = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'));
  const at = ftyp.length + meta(0).length + 8;
  return Buffer.concat([ftyp, meta(at), box('mdat', picture, ...(block ? [block] : []))]);
}

/** The picture as it was before it was coded. */
export function heicPixel(x: number, y: number): [number, number, number] {
  return [(x * 3 + (y >> 3) * 17) % 256, (y * 5) % 256, (x * 2 + y) % 256];
}
