/** Bytes that can be read at any place, synchronously. */
export interface ByteSource {
  /** Number of bytes. */
  readonly size: number;
  /**
   * The bytes from `offset` on: `length` of them, fewer only where the source ends. What is returned may be a view of memory that
   * others use; readers copy it and never write to it.
   */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory, shared with whoever holds them; no copy is made. */
export function memoryBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
