export interface Video {
  width?: number;
  height?: number;
  depth?: number;
  colour?: number;
  flag?: number;
  bigEndian?: boolean;
  /** Values of each frame, in the order of the file. */
  frames: readonly (readonly number[])[];
  claimed?: number;
  utc?: string;
}

const ticks = (iso: string) => (BigInt(Date.parse(iso)) + 62_135_596_800_000n) * 10_000n;

/** A SER video; its header says what is asked for, true or not. */
export function serOf({
  width = 11,
  height = 7,
  depth = 16,
  colour = 0,
  flag = 0,
  bigEndian,
  frames,
  claimed,
  utc,
}: Video): Buffer {
  const head = Buffer.alloc(178);
  head.write('LUCAM-RECORDER', 'latin1');
  [colour, flag, width, height, depth, claimed ?? frames.length].forEach((value, i) => {
    head.writeInt32LE(value, 18 + 4 * i);
  });
  head.write('Ada'.padEnd(40), 42);
  head.write('ASI290MM', 82);
  head.write('Newton 200/1000', 122);
  if (utc) {
    head.writeBigInt64LE(ticks(utc), 170);
    head.writeBigInt64LE(ticks(utc) + 36_000_000_000n, 162);
  }
  const data = frames.map((values) => {
    const bytes = Buffer.alloc(values.length * (depth > 8 ? 2 : 1));
    values.forEach((value, i) => {
      if (depth <= 8) bytes.writeUInt8(value, i);
      else if (bigEndian) bytes.writeUInt16BE(value, 2 * i);
      else bytes.writeUInt16LE(value, 2 * i);
    });
    return bytes;
  });
  return Buffer.concat([head, ...data]);
}
