/** How the numbers of a table are stored. */
export type ElementType = 'u8' | 'u16' | 'u32' | 'i32' | 'float' | 'double';

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Order of the bytes of a number: of the machine that wrote the file. */
export type ByteOrder = 'little' | 'big';

export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  float: 4,
  double: 8,
};

const PLATFORM_ORDER: ByteOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

/** Whether numbers of that type are whole. */
export function isInteger(type: ElementType): boolean {
  return type !== 'float' && type !== 'double';
}

/** A copy of `bytes`, a whole number of elements, as numbers of this machine. */
export function decodeNumbers(bytes: Uint8Array, type: ElementType, order: ByteOrder): NumberArray {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  const width = ELEMENT_BYTES[type];
  if (order !== PLATFORM_ORDER && width > 1) {
    for (let start = 0; start < copy.length; start += width) copy.subarray(start, start + width).reverse();
  }
  switch (type) {
    case 'u8':
      return copy;
    case 'u16':
      return new Uint16Array(copy.buffer);
    case 'u32':
      return new Uint32Array(copy.buffer);
    case 'i32':
      return new Int32Array(copy.buffer);
    case 'float':
      return new Float32Array(copy.buffer);
    case 'double':
      return new Float64Array(copy.buffer);
  }
}
