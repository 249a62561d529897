import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import type { Capture } from '../../src/job/capture.js';
import { temporaryFolder } from '../image/files.js';
import { exifOf, exifSegment, jpegWith } from './containers.js';
import { CAMERAS } from './corpus/cameras.js';
import { CAPTURE_PROGRAMS } from './corpus/capture-programs.js';
import { DRIVERS } from './corpus/drivers.js';
import { OBSERVATORIES } from './corpus/observatories.js';
import { SCENES, type Scene } from './corpus/scenes.js';
import { SHARPCAP } from './corpus/sharpcap.js';
import { TELESCOPES } from './corpus/telescopes.js';
import type { Expected } from './corpus/write.js';
import { openedFits } from './headers.js';

/** Positions: sexagesimal seconds are rounded, and aberration and nutation are left out of the equinox of the date. */
const TOLERANCE: Readonly<Record<string, number>> = { pointing: 0.02, gps: 2e-4 };

function close(actual: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof expected === 'number') {
    return (
      typeof actual === 'number' &&
      Math.abs(actual - expected) <= Math.max(tolerance, Math.abs(expected) * 1e-6)
    );
  }
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  const [found, wanted] = [Object.entries(actual), Object.entries(expected)];
  return (
    found.length === wanted.length &&
    wanted.every(([key, value]) => close((actual as Record<string, unknown>)[key], value, tolerance))
  );
}

interface Row {
  program: string;
  scene: number;
  capture: Capture;
  expected: Expected;
}

/** Each field that is expected, and each that is found and was not. */
function compared({ program, scene, capture, expected }: Row): { right: number; wrong: string[] } {
  const { sources, notes, image_width, image_height, ...found } = capture;
  const fields = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const wrong = [...fields].flatMap((field) => {
    const [actual, wanted] = [found[field as keyof typeof found], expected[field as keyof Expected]];
    return close(actual, wanted, TOLERANCE[field] ?? 1e-9)
      ? []
      : [`${program}, scene ${scene}: ${field} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
  });
  return { right: fields.size - wrong.length, wrong };
}

const HABITS = [...CAPTURE_PROGRAMS, ...SHARPCAP, ...DRIVERS, ...TELESCOPES, ...OBSERVATORIES];

describe('headers after the habits of programs and cameras', () => {
  const folder = temporaryFolder();
  const exif = async (program: (typeof CAMERAS)[number], scene: Scene, bigEndian: boolean) =>
    readCapture(
      await openImage(
        folder.put('camera.jpg', await jpegWith(exifSegment(exifOf(program.tags(scene), bigEndian)))),
      ),
    );

  it('all fields are right', async () => {
    const rows: Row[] = [];
    for (const [index, scene] of SCENES.entries()) {
      for (const { program, cards, expected } of HABITS) {
        const capture = await readCapture(openedFits(cards(scene).join('\n')));
        rows.push({ program, scene: index, capture, expected: expected(scene) });
      }
      for (const camera of CAMERAS) {
        const capture = await exif(camera, scene, index % 2 === 1);
        rows.push({ program: camera.program, scene: index, capture, expected: camera.expected(scene) });
      }
    }
    const results = rows.map(compared);
    const right = results.reduce((sum, result) => sum + result.right, 0);
    const wrong = results.flatMap((result) => result.wrong);
    const share = (100 * right) / (right + wrong.length);
    console.log(
      `${rows.length} headers of ${HABITS.length + CAMERAS.length} programs and cameras: ${right} of ${right + wrong.length} fields are right (${share.toFixed(1)} %)`,
    );
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(150);
  });

  it('every form names the public file or report that it is taken from', () => {
    const sources = [...HABITS, ...CAMERAS].map(({ source }) => source);
    expect(sources.length).toBeGreaterThanOrEqual(40);
    for (const source of sources) expect(source).toMatch(/^[\w.-]+\/[\w.-]+(#\d+| \S.*)$/);
  });
});
