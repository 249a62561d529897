import type { Scene } from './scenes.js';
import {
  card,
  type Expected,
  type FitsHabit,
  hours,
  modifiedJulianDate,
  pair,
  quoted,
  seconds,
  sexagesimal,
  startingAt,
} from './write.js';

const PHOTON_FINDER = 'bcolyn/PhotonFinder tests/sample_headers.py';
const pointing = ({ ra, dec }: Scene): Expected => ({ pointing: { ra, dec } });
const comma = (value: number) => `'${String(value).replace('.', ',')}'`;

/** Programs that stack and measure, and observatories. */
export const OBSERVATORIES: readonly FitsHabit[] = [
  {
    program: 'Astro Pixel Processor, integration',
    source: PHOTON_FINDER,
    cards: (s) => [
      card('DATE', quoted('2018-08-20T11:28:45'), 'creation date of Integration'),
      card('SOFTWARE', quoted('Astro Pixel Processor by Aries Productions'), 'software'),
      card('CFAIMAGE', quoted('no'), 'Color Filter Array pattern'),
      card('GAIN', s.gain.toFixed(1), 'gain or ISO depending on instrument'),
      card('EXPTIME', s.exposure, 'exposure time (s)'),
      card('SCALE-1', "' 1,86E-03'", 'dispersion of channel 1'),
    ],
    expected: (s) => ({
      gain: s.gain,
      exposure: s.exposure,
      software: 'Astro Pixel Processor by Aries Productions',
    }),
  },
  {
    program: 'Astro Pixel Processor, with colour filter array',
    source: PHOTON_FINDER,
    cards: (s) => [
      card('SOFTWARE', quoted('Astro Pixel Processor by Aries Productions'), 'software'),
      card('INSTRUME', quoted('ZWO ASI294MC Pro'), 'instrument name'),
      card('CFAIMAGE', quoted('RGGB'), 'Color Filter Array pattern'),
      card('EXPTIME', s.exposure, 'exposure time (s)'),
      card('FILT-1', quoted(s.filter), 'filter used'),
      card('SCALE-R', '8.8843654025E-3', 'dispersion/scale of channel-R'),
    ],
    expected: (s) => ({
      exposure: s.exposure,
      filter: s.filter,
      camera_model: 'ZWO ASI294MC Pro',
      bayer_pattern: 'RGGB',
      software: 'Astro Pixel Processor by Aries Productions',
    }),
  },
  {
    program: 'DeepSkyStacker',
    source: 'deepskystacker/DSS DeepSkyStacker/FITSUtil.cpp',
    cards: (s) => [
      card('EXPTIME', `${s.exposure}`, 'Exposure time (in seconds)'),
      card('EXPOSURE', `${s.exposure}`, 'Exposure time (in seconds)'),
      card('SOFTWARE', quoted('DeepSkyStacker 4.1.1')),
      card('OBJECT', quoted(s.object)),
      card('TELESCOP', quoted('')),
      card('INSTRUME', quoted('SBIG ST-2K Color Dual CCD Camera'), 'Camera Model'),
      card('OBSERVER', quoted('')),
      card('DATE-OBS', quoted(s.utc), 'GMT START OF EXPOSURE'),
      card('CCD-TEMP', s.celsius, 'CCD TEMP IN DEGREES C'),
      card('XPIXSZ', s.pixel * s.bin, 'PIXEL WIDTH IN MICRONS'),
      card('YPIXSZ', s.pixel * s.bin, 'PIXEL HEIGHT IN MICRONS'),
      card('XBINNING', s.bin, 'HORIZONTAL BINNING FACTOR'),
      card('YBINNING', s.bin, 'VERTICAL BINNING FACTOR'),
      card('EGAIN', 0.55, 'ELECTRONS PER ADU'),
    ],
    expected: (s) => ({
      ...startingAt(s.utc),
      exposure: s.exposure,
      object: s.object,
      ccd_temp_c: s.celsius,
      pixel_size_um: pair(s.pixel * s.bin),
      binning: pair(s.bin),
      camera_model: 'SBIG ST-2K Color Dual CCD Camera',
      software: 'DeepSkyStacker 4.1.1',
    }),
  },
  {
    program: 'AstroImageJ in a country with decimal commas',
    source: 'AstroImageJ/astroimagej#86',
    cards: (s) => [
      card('EXPTIME', comma(s.exposure + 0.5)),
      card('CCD-TEMP', comma(s.celsius)),
      card('FOCALLEN', comma(s.focal)),
      card('XPIXSZ', comma(s.pixel)),
      card('YPIXSZ', comma(s.pixel)),
    ],
    expected: (s) => ({
      exposure: s.exposure + 0.5,
      ccd_temp_c: s.celsius,
      focal_length_mm: s.focal,
      pixel_size_um: pair(s.pixel),
    }),
  },
  {
    program: 'Feder Observatory, altitude with its unit',
    source: 'mwcraig/msumastro msumastro/header_processing/feder.py',
    cards: (s) => [
      card('LATITUDE', quoted(sexagesimal(s.lat, ':', 3)), '[degrees] Observatory latitude'),
      card('LONGITUD', quoted(sexagesimal(s.lon, ':', 3)), '[degrees east] Observatory longitude'),
      card('ALTITUDE', s.alt, '[meters] Observatory altitude'),
      card('RA', quoted(hours(s.ra, ':')), 'Approximate RA at EQUINOX'),
      card('DEC', quoted(sexagesimal(s.dec, ':')), 'Approximate DEC at EQUINOX'),
      card('JD-OBS', modifiedJulianDate(s.utc) + 2_400_000.5, 'Julian Date at start of observation'),
    ],
    expected: (s) => ({
      ...startingAt(s.utc),
      ...pointing(s),
      gps: { lat: s.lat, lon: s.lon, alt: s.alt },
    }),
  },
  {
    program: 'Palomar Transient Factory',
    source: 'EranOfek/AstroPack#205',
    cards: (s) => [
      card('DATE-OBS', quoted(s.utc), ' UTC shutter time YYYY-MM-DDTHH:MM:SS.SSS'),
      card('DATE', quoted(seconds(s.utc)), 'File creation date (YYYY-MM-DDThh:mm:ss UT)'),
      card('OBSMJD', modifiedJulianDate(s.utc), ' MJD corresponds to UTC-OBS (day)'),
      card('HJD', 2_456_701.84123, '[day] Heliocentric Julian Day'),
    ],
    expected: (s) => startingAt(s.utc),
  },
  {
    program: 'Spitzer Space Telescope',
    source: 'astropy/astropy#3652',
    cards: (s) => [
      card('OBSRVR', quoted('Gordon Richards'), 'Observer Name (Last, First)'),
      card('DATE_OBS', quoted(s.utc), 'Date & time (UTC) at DCE start'),
      card('UTCS_OBS', 466_951_960.6, '[sec] DCE start'),
      card('EXPTIME', s.exposure, '[sec] Effective integration time'),
    ],
    expected: (s) => ({ ...startingAt(s.utc), exposure: s.exposure }),
  },
];
