import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** ASCII. */
  name: string;
  bytes: Uint8Array;
}

/** The first day that a ZIP can name, 1 January 1980: archives of the same entries are the same. */
const DATE = 0x21;

/** A ZIP archive (PKWARE APPNOTE 6.3) of uncompressed entries; of less than 4 GiB. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(bytes.byteLength, 14);
    shared.writeUInt32LE(bytes.byteLength, 18);
    shared.writeUInt16LE(name.length, 22);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(20, 4); // version made by
    shared.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name, 'latin1'));
    const file = [
      Buffer.from('PK\x03\x04', 'latin1'),
      shared,
      Buffer.from(name, 'latin1'),
      Buffer.from(bytes),
    ];
    files.push(...file);
    offset += file.reduce((total, part) => total + part.length, 0);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((total, part) => total + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}
