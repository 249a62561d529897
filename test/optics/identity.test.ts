import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/job/capture.js';
import { identifyOptics } from '../../src/optics/identity.js';

const R6: Capture = {
  camera_make: 'Canon',
  camera_model: 'Canon EOS R6',
  lens_model: 'RF24-105mm',
  focal_length_mm: 50,
  image_width: 6000,
  image_height: 4000,
};
const key = (capture: Capture, owner?: string) => identifyOptics(capture, owner)?.key;

describe('the identity of camera and optics', () => {
  it('is none without the name of the camera', () => {
    const { camera_model, ...unnamed } = R6;
    expect(identifyOptics(unnamed)).toBeUndefined();
    expect(identifyOptics({ image_width: 6000, image_height: 4000 })).toBeUndefined();
  });

  it('is told to a person, and its key is fit for the name of a file', () => {
    expect(identifyOptics(R6)?.optics).toBe('Canon, Canon EOS R6, RF24-105mm, 50 mm, 6000 × 4000');
    expect(key({ ...R6, camera_model: '../../etc/passwd\0' })).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<Capture>]>([
    ['make', { camera_make: 'Nikon' }],
    ['model', { camera_model: 'Canon EOS R5' }],
    ['lens', { lens_model: 'RF50mm' }],
    ['focal length', { focal_length_mm: 51 }],
    ['equivalent focal length', { focal_length_35mm: 50 }],
    ['telescope', { telescope: 'Esprit 100' }],
    ['size', { image_width: 3000, image_height: 2000 }],
    ['size before it was cut', { recorded_width: 7000, recorded_height: 4000 }],
    ['size of its pixels', { pixel_size_um: [3.76, 3.76] }],
    ['binning', { binning: [2, 2] }],
  ])('is another one with another %s', (_, change) => {
    expect(key({ ...R6, ...change })).not.toBe(key(R6));
  });

  it.each<[string, Partial<Capture>]>([
    ['turned', { image_width: 4000, image_height: 6000, exif_orientation: 6 }],
    ['exposed otherwise', { exposure: 30, iso: 1600, f_number: 4 }],
    ['taken at another time and place', { datetime: '2024-01-01T00:00:00', gps: { lat: 1, lon: 2 } }],
    ['with a focal length that differs in its fifth digit', { focal_length_mm: 50.0004 }],
  ])('is the same for a picture that was %s', (_, change) => {
    expect(key({ ...R6, ...change })).toBe(key(R6));
  });

  it('is one for each owner', () => {
    expect(new Set([key(R6), key(R6, 'a'), key(R6, 'b')]).size).toBe(3);
  });

  it('does not confuse a value with one that stands elsewhere', () => {
    const { lens_model, ...rest } = R6;
    expect(key({ ...rest, telescope: lens_model })).not.toBe(key(R6));
  });
});
