import {
  MakeTime,
  RotateVector,
  Rotation_EQJ_EQD,
  SphereFromVector,
  Spherical,
  VectorFromSphere,
} from 'astronomy-engine';
import type { Scene } from './scenes.js';
import {
  card,
  type Expected,
  type FitsHabit,
  hours,
  pair,
  quoted,
  sexagesimal,
  startingAt,
} from './write.js';

const PHOTON_FINDER = 'bcolyn/PhotonFinder tests/sample_headers.py';

const pointing = ({ ra, dec }: Scene): Expected => ({ pointing: { ra, dec } });
/** Pixels with the binning in them, and the binning. */
const binned = ({ pixel, bin }: Scene): Expected => ({
  pixel_size_um: pair(pixel * bin),
  binning: pair(bin),
});

/** The place in the frame of the date, degrees. */
function ofDate({ utc, ra, dec }: Scene): { ra: number; dec: number } {
  const time = MakeTime(new Date(`${utc}Z`));
  const vector = VectorFromSphere(new Spherical(dec, ra, 1), time);
  const { lat, lon } = SphereFromVector(RotateVector(Rotation_EQJ_EQD(time), vector));
  return { ra: lon, dec: lat };
}

export const SHARPCAP: readonly FitsHabit[] = [
  {
    program: 'SharpCap 3',
    source: PHOTON_FINDER,
    cards: (s) => [
      card('SWCREATE', quoted('SharpCap'), ''),
      card('CCD-TEMP', s.celsius, ''),
      card('YBINNING', s.bin, ''),
      card('XBINNING', s.bin, ''),
      card('YPIXSZ', s.pixel * s.bin, ''),
      card('EXPTIME', s.exposure, ''),
      card('DATE-OBS', quoted(`${s.utc}9583`), 'System Clock-Frame Grabbed'),
      card('XPIXSZ', s.pixel * s.bin, ''),
      card('INSTRUME', quoted('ZWO ASI290MM Mini'), ''),
    ],
    expected: (s) => ({
      ...startingAt(`${s.utc}9583`),
      ...binned(s),
      exposure: s.exposure,
      ccd_temp_c: s.celsius,
      camera_model: 'ZWO ASI290MM Mini',
      software: 'SharpCap',
    }),
  },
  {
    program: 'SharpCap 4, equinox of the date',
    source: 'bcolyn/PhotonFinder tests/test_fits_handlers.py',
    cards: (s) => [
      card(
        'EQUINOX',
        2000 + (Date.parse(`${s.utc}Z`) - Date.UTC(2000, 0, 1, 12)) / (365.25 * 86_400_000),
        '',
      ),
      card('GAIN', s.gain, ''),
      card('OBJECT', quoted(s.object), ''),
      card('OFFSET', s.offset, ''),
      card('BLKLEVEL', s.offset, ''),
      card('OBJCTDEC', quoted(sexagesimal(ofDate(s).dec, ' ', 3)), 'Epoch : JNOW'),
      card('OBJCTRA', quoted(hours(ofDate(s).ra, ' ', 3)), 'Epoch : JNOW'),
      card('FOCALLEN', s.focal, ''),
      card('RA', ofDate(s).ra, 'Epoch : JNOW'),
      card('DEC', ofDate(s).dec, 'Epoch : JNOW'),
      card('EXPTIME', s.exposure, 'seconds'),
      card('XPIXSZ', s.pixel * s.bin, 'microns, includes binning if any'),
      card('YPIXSZ', s.pixel * s.bin, 'microns, includes binning if any'),
      card('XBINNING', s.bin, ''),
      card('YBINNING', s.bin, ''),
      card('CCD-TEMP', s.celsius, 'C'),
      card('SWCREATE', quoted('SharpCap v4.1.12946.0, 64 bit'), ''),
      card('DATE-OBS', quoted(`${s.utc}6323`), 'System Clock:Est. Frame Start'),
      card('DATE-END', quoted('2025-03-19T23:03:40.4689935'), 'System Clock:Est. Frame End'),
      card('COLORTYP', quoted('RGB'), ''),
      card('INSTRUME', quoted('ZWO ASI183MC Pro'), ''),
    ],
    expected: (s) => ({
      ...startingAt(`${s.utc}6323`),
      ...pointing(s),
      ...binned(s),
      exposure: s.exposure,
      gain: s.gain,
      offset: s.offset,
      ccd_temp_c: s.celsius,
      focal_length_mm: s.focal,
      object: s.object,
      camera_model: 'ZWO ASI183MC Pro',
      software: 'SharpCap v4.1.12946.0, 64 bit',
    }),
  },
  {
    program: 'SharpCap, saved again by MaxIm DL',
    source: 'rzellem/EXOTIC#1178',
    cards: (s) => [
      card('SWCREATE', quoted('SharpCap'), 'v3.2.5986.0, 32 bit'),
      card('DATE-OBS', quoted(`${s.utc}3843`), 'System Clock:Frame Received'),
      card('GAIN', s.gain, ''),
      card('BLKLEVEL', s.offset, ''),
      card('INSTRUME', quoted('DMx 41AU02.AS'), ''),
      card('EXPOSURE', s.exposure.toFixed(15), 'Exposure time in seconds'),
      card('SWMODIFY', quoted('MaxIm DL Version 5.23 121231 1Q4E8'), 'Name of software that modified'),
    ],
    expected: (s) => ({
      ...startingAt(`${s.utc}3843`),
      exposure: s.exposure,
      gain: s.gain,
      offset: s.offset,
      camera_model: 'DMx 41AU02.AS',
      software: 'SharpCap',
    }),
  },
];
