import type { FileHead } from '../file-head.js';

/** A kind of camera raw that shows itself in its first bytes; others are TIFF files with sensor data in them. */
export interface RawKind {
  name: string;
  structure: 'tiff' | 'boxes' | 'raf';
  /** See `FileHead.has`. */
  bytes: string;
  at?: number;
}

const RAW_KINDS: readonly RawKind[] = [
  { name: 'Canon CR2', structure: 'tiff', bytes: 'II*\0????CR\x02' },
  { name: 'Phase One IIQ', structure: 'tiff', bytes: 'II*\0????IIII' },
  { name: 'Phase One IIQ', structure: 'tiff', bytes: 'MM\0*????MMMM' },
  { name: 'Olympus ORF', structure: 'tiff', bytes: 'IIRO' },
  { name: 'Olympus ORF', structure: 'tiff', bytes: 'IIRS' },
  { name: 'Olympus ORF', structure: 'tiff', bytes: 'MMOR' },
  { name: 'Panasonic RW2', structure: 'tiff', bytes: 'IIU\0' },
  { name: 'Canon CR3', structure: 'boxes', bytes: 'ftypcrx ', at: 4 },
  { name: 'Fujifilm RAF', structure: 'raf', bytes: 'FUJIFILMCCD-RAW' },
];

export function rawKind(head: FileHead): RawKind | undefined {
  return RAW_KINDS.find(({ bytes, at = 0 }) => head.has(bytes, at));
}
