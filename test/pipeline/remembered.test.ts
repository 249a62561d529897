import { describe, expect, it } from 'vitest';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import type { SolvedResult } from '../../src/job/result.js';
import type { OpticsMemory, RememberedField } from '../../src/optics/memory.js';
import { ProcessOpticsMemory } from '../../src/optics/process-memory.js';
import { separation_deg } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { analyzeFile, fileOf } from './analysis.js';

const FIELD = {
  ra_deg: 305.6,
  dec_deg: 40.3,
  width: 1000,
  height: 800,
  pixscale_arcsec: 6.5,
  limit_mag: 11,
} as const;
const CAMERA = { make: 'Canon', model: 'Canon EOS R6', lens: 'Samyang 135mm f/2' };
const first = await imageOf(FIELD, { ...CAMERA, dateTimeOriginal: '2024:08:21 23:45:00' });
/** The next field of a mosaic, two minutes later, by the same camera. */
const next = await imageOf(
  { ...FIELD, ra_deg: 306.6 },
  { ...CAMERA, dateTimeOriginal: '2024:08:21 23:47:00' },
);
const unnamed = await imageOf(FIELD, { dateTimeOriginal: '2024:08:21 23:45:00' });

async function imageOf(field: Parameters<typeof renderSky>[0], exif: object): Promise<string> {
  return fileOf(renderSky(field), { format: 'jpeg', exif });
}

async function solve(
  path: string,
  options: Parameters<typeof analyzeFile>[2],
  params: SolveParamsInput = {},
): Promise<SolvedResult> {
  const { result, log } = await analyzeFile(path, { timeout: 60, ...params }, options);
  expect(result, log.slice(-3000)).toMatchObject({ ok: true });
  return result as SolvedResult;
}

function offCentre({ astrometry }: SolvedResult, ra_deg: number): number {
  return separation_deg([astrometry.ra_center, astrometry.dec_center], [ra_deg, FIELD.dec_deg]);
}

const winner = ({ solve }: SolvedResult) =>
  solve?.attempts?.find(({ outcome }) => outcome === 'solved')?.name;
const sources = ({ solve }: SolvedResult) => Object.values(solve?.hints ?? {}).map(({ source }) => source);

/** Says always the same, and keeps what it is told. */
function scripted(says: RememberedField | undefined): OpticsMemory & { told: RememberedField[] } {
  const told: RememberedField[] = [];
  return {
    told,
    get: async () => says,
    put: async (_, field) => {
      told.push(field);
    },
    keys: async () => [],
    forget: async () => 0,
  };
}

describe('what solved', () => {
  it('is the first guess for the next image of the camera, scale and place', async () => {
    const memory = new ProcessOpticsMemory();
    const before = await solve(first, { memory });
    expect(winner(before)).toMatch(/^blind/);
    expect(before.solve?.hints).toEqual({});
    const after = await solve(next, { memory, cores: () => 1 });
    expect(winner(after)).toMatch(/^remembered-scale/);
    expect(offCentre(after, 306.6)).toBeLessThan(0.01);
    const { scale, position } = after.solve!.hints!;
    expect(scale).toMatchObject({ source: 'remembered', reason: expect.stringContaining('camera') });
    const { low, high } = scale!.value as { low: number; high: number };
    expect(low).toBeLessThan(6.5);
    expect(high).toBeGreaterThan(6.5);
    expect(high / low).toBeLessThan(1.1);
    expect(position).toMatchObject({ source: 'remembered' });
    expect(position!.value).toMatchObject({ ra: expect.closeTo(305.6, 1), dec: expect.closeTo(40.3, 1) });
  });

  it.each<[string, RememberedField]>([
    ['scale', { optics: 'camera', arcsec_per_pixel: 1.1 }],
    ['scale, slightly', { optics: 'camera', arcsec_per_pixel: 7.2 }],
    [
      'place',
      {
        optics: 'camera',
        arcsec_per_pixel: 6.5,
        position: { ra_deg: 120, dec_deg: -40, radius_deg: 1, taken_at: '2024-08-21T23:46:00' },
      },
    ],
  ])('that is wrong, of another %s, prevents no solution and is replaced', async (_, wrong) => {
    const memory = scripted(wrong);
    const result = await solve(first, { memory });
    expect(sources(result)).toContain('remembered');
    expect(offCentre(result, FIELD.ra_deg)).toBeLessThan(0.01);
    expect(memory.told).toHaveLength(1);
    expect(memory.told[0]!.arcsec_per_pixel).toBeCloseTo(6.5, 1);
    expect(memory.told[0]!.position).toMatchObject({ ra_deg: expect.closeTo(305.6, 1) });
  });

  it('never widens or narrows what the caller allows', async () => {
    const memory = scripted({ optics: 'camera', arcsec_per_pixel: 30 });
    const result = await solve(first, { memory }, { scale_low: 1.5, scale_high: 2.2 });
    expect(result.solve?.hints).toMatchObject({
      scale: { source: 'user' },
      remembered_scale: { source: 'remembered' },
    });
    expect(winner(result)).not.toMatch(/^remembered/);
  });

  it('is not kept of an image without a camera, nor where the metadata are not to be used, nor of a failure', async () => {
    const memory = scripted({ optics: 'camera', arcsec_per_pixel: 6.5 });
    expect(sources(await solve(unnamed, { memory }))).toEqual([]);
    expect(sources(await solve(first, { memory }, { use_metadata: false }))).toEqual([]);
    const bounds = { scale_low: 40, scale_high: 50, timeout: 4 };
    const { result } = await analyzeFile(first, bounds, { memory });
    expect(result.ok).toBe(false);
    expect(memory.told).toEqual([]);
  });

  it('is not told to another owner', async () => {
    const memory = new ProcessOpticsMemory();
    await solve(first, { memory, owner: 'alice' });
    expect(sources(await solve(next, { memory, owner: 'bob' }))).toEqual([]);
    expect(sources(await solve(next, { memory, owner: 'alice' }))).toContain('remembered');
  });

  it('costs a line in the log where the memory fails', async () => {
    const refuse = () => Promise.reject(new Error('the disk is away'));
    const memory: OpticsMemory = { get: refuse, put: refuse, keys: refuse, forget: refuse };
    const { result, log } = await analyzeFile(first, { timeout: 60 }, { memory });
    expect(result.ok).toBe(true);
    expect(log.match(/the disk is away/g)).toHaveLength(2);
  });
});
