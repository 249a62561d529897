/** Which quads are made already: a hash set of four star numbers, ascending, kept as 32-bit fingerprints. */
export class QuadSet {
  #slots = new Uint32Array(1 << 12);
  #size = 0;

  /**
   * Adds a quad; false when it was there. Two different ones whose fingerprints are equal count as the same: of a million quads that
   * costs an index about a hundred, and always the same ones.
   */
  add(a: number, b: number, c: number, d: number): boolean {
    if (2 * this.#size > this.#slots.length) this.#grow();
    let hash = mix(Math.imul(a, 0x9e3779b1) ^ b);
    hash = mix(Math.imul(hash, 0x85ebca77) ^ c);
    hash = mix(Math.imul(hash, 0xc2b2ae3d) ^ d);
    // 0 marks an empty slot.
    return this.#insert(hash >>> 0 || 1);
  }

  #insert(fingerprint: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = Math.imul(fingerprint, 0x27d4eb2f) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) if (slots[slot] === fingerprint) return false;
    slots[slot] = fingerprint;
    this.#size++;
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(4 * before.length);
    this.#size = 0;
    for (const fingerprint of before) if (fingerprint !== 0) this.#insert(fingerprint);
  }
}

function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return value ^ (value >>> 16);
}
