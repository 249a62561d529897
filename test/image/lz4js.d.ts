declare module 'lz4js' {
  /** Compresses a block; 0 when it cannot be made smaller. */
  export function compressBlock(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    length: number,
    hashTable: Uint32Array,
  ): number;
  export function compressBound(length: number): number;
}
