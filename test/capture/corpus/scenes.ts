/** What was true when a picture was taken; each program writes some of it, in its own form. */
export interface Scene {
  /** Start of the exposure, UTC, with milliseconds. */
  utc: string;
  /** Of the clocks at that place, minutes east of UTC. */
  zone: number;
  /** J2000 degrees. */
  ra: number;
  dec: number;
  lat: number;
  lon: number;
  alt: number;
  exposure: number;
  gain: number;
  offset: number;
  celsius: number;
  focal: number;
  /** µm of one pixel of the sensor. */
  pixel: number;
  bin: number;
  fNumber: number;
  iso: number;
  object: string;
  filter: string;
}

/**
 * Four skies with what goes wrong most: right ascensions below 24 degrees, declinations and longitudes between -1 and 0,
 * years that begin in another zone, places below the sea.
 */
export const SCENES: readonly Scene[] = [
  {
    utc: '2023-10-14T21:11:22.123',
    zone: 120,
    ra: 84.05,
    dec: -1.2,
    lat: 48.2082,
    lon: 16.3738,
    alt: 171,
    exposure: 300,
    gain: 100,
    offset: 50,
    celsius: -9.9,
    focal: 550,
    pixel: 3.76,
    bin: 1,
    fNumber: 5.5,
    iso: 800,
    object: 'IC 434',
    filter: 'Ha',
  },
  {
    utc: '2021-02-03T03:05:09.250',
    zone: -180,
    ra: 5.588,
    dec: -0.2125,
    lat: -30.1725,
    lon: -70.8,
    alt: 2200,
    exposure: 0.25,
    gain: 0,
    offset: 10,
    celsius: 21.3,
    focal: 2032,
    pixel: 9,
    bin: 2,
    fNumber: 8,
    iso: 6400,
    object: 'NGC 253',
    filter: 'Red',
  },
  {
    utc: '2019-12-31T23:59:58.000',
    zone: 540,
    ra: 314.75,
    dec: 44.37,
    lat: 35.6895,
    lon: 139.6917,
    alt: 40,
    exposure: 900,
    gain: 120,
    offset: 30,
    celsius: 0,
    focal: 135,
    pixel: 4.63,
    bin: 1,
    fNumber: 2,
    iso: 1600,
    object: "Barnard's Star",
    filter: 'L-eNhance',
  },
  {
    utc: '2024-02-29T18:30:00.500',
    zone: 0,
    ra: 13.2,
    dec: 56.625,
    lat: 31.5,
    lon: -0.125,
    alt: -420,
    exposure: 30,
    gain: 80,
    offset: 40,
    celsius: -20.1,
    focal: 400,
    pixel: 2.9,
    bin: 1,
    fNumber: 4,
    iso: 3200,
    object: 'NGC 281',
    filter: 'LP',
  },
];
