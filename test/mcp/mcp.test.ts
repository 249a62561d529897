import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CallToolResult, Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { resultSchema } from '../../src/job/result.js';
import { MAIN, until, useCli } from '../cli/process.js';
import { noSky } from '../sky/no-sky.js';
import { writeSky } from '../sky/write.js';

const cli = useCli();
const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

/** A host: it starts the program as its configuration says, and speaks with it through the SDK. */
async function host(): Promise<Client> {
  return (await hostAndProgram()).client;
}

async function hostAndProgram(): Promise<{ client: Client; pid: number }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp'],
    env: { PATH: process.env.PATH!, HOME: process.env.HOME!, JOBS_DIR: cli.jobsDir, TMPDIR: cli.dir },
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test-host', version: '1.0.0' });
  await client.connect(transport);
  open.push(client);
  return { client, pid: transport.pid! };
}

interface Answer {
  job_id: string;
  status: { job_id: string; state: string; error?: { code: string } };
  result: {
    ok: boolean;
    error_code?: string;
    astrometry: { ra_center: number; dec_center: number; objects: object[] };
  };
  objects_total: number;
  objects: { name: string; names: string[]; x: number; y: number; ra_deg: number; dec_deg: number }[];
  points: { x?: number; y?: number; ra_deg?: number; dec_deg?: number; inside: boolean }[];
}
const contentOf = ({ structuredContent, isError, content }: CallToolResult): Answer => {
  expect(isError ?? false, JSON.stringify(content)).toBe(false);
  return structuredContent as Answer;
};

it('a client solves a photograph, and asks what is in it and where', async () => {
  const client = await host();
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual([
    ...[
      'annotate',
      'cancel',
      'objects',
      'pixel_to_sky',
      'result',
      'sky_to_pixel',
      'solve',
      'status',
      'submit',
    ],
  ]);
  for (const tool of tools) {
    expect(tool.description, tool.name).toBeTruthy();
    expect(tool.outputSchema, tool.name).toMatchObject({ type: 'object' });
  }
  const { properties } = tools.find(({ name }) => name === 'solve')!.inputSchema;
  expect(Object.keys(properties!)).toEqual(expect.arrayContaining(['image', 'scale_low', 'ra', 'timeout']));

  const told: string[] = [];
  const call = { name: 'solve', arguments: { image: ORION, scale_low: 10, scale_high: 20 } };
  const solved = contentOf(
    await client.callTool(call, { onprogress: ({ message }) => told.push(message ?? '') }),
  );
  expect(resultSchema.parse(solved.result)).toMatchObject({ ok: true, filename: 'orion.jpg' });
  expect(solved.result.astrometry.ra_center).toBeCloseTo(84.15, 1);
  expect(solved.result.astrometry.dec_center).toBeCloseTo(-3, 1);
  expect(solved.result.astrometry.objects.length).toBeLessThanOrEqual(25);
  expect(solved.objects_total).toBeGreaterThan(25);
  expect(told.length).toBeGreaterThan(0);
  expect(told.at(-1)).toBe('Solved');

  const { job_id } = solved;
  expect(contentOf(await client.callTool({ name: 'status', arguments: { job_id } })).status).toMatchObject({
    state: 'done',
  });
  expect(contentOf(await client.callTool({ name: 'result', arguments: { job_id } })).result).toEqual(
    solved.result,
  );
  const messier = contentOf(await client.callTool({ name: 'objects', arguments: { job_id, catalog: 'M' } }));
  const m42 = messier.objects.find(({ names }) => names.includes('M 42'))!;
  const [there] = contentOf(
    await client.callTool({ name: 'sky_to_pixel', arguments: { job_id, places: [m42] } }),
  ).points as [Answer['points'][0]];
  expect(there).toMatchObject({ x: expect.closeTo(m42.x, 1), y: expect.closeTo(m42.y, 1), inside: true });
  const pixels = [
    { x: m42.x, y: m42.y },
    { x: -500, y: 3 },
  ];
  const places = contentOf(
    await client.callTool({ name: 'pixel_to_sky', arguments: { job_id, pixels } }),
  ).points;
  expect(places[0]).toMatchObject({ ra_deg: expect.closeTo(m42.ra_deg, 2), inside: true });
  expect(places[1]).toMatchObject({ inside: false });

  const picture = await client.callTool({ name: 'annotate', arguments: { job_id, width: 900 } });
  const [image] = picture.content as [{ type: string; data: string; mimeType: string }];
  expect(image).toMatchObject({ type: 'image', mimeType: 'image/jpeg' });
  const bytes = Buffer.from(image.data, 'base64');
  expect(bytes.byteLength).toBeLessThanOrEqual(1_000_000);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 900 });
});

it('refuses in words, with the code and what to do, and goes on', async () => {
  const client = await host();
  const refused = async (name: string, args: Record<string, unknown>) => {
    const { isError, content } = await client.callTool({ name, arguments: args });
    expect(isError).toBe(true);
    return (content as unknown as [{ text: string }])[0].text;
  };
  expect(JSON.parse(await refused('solve', { image: join(cli.dir, 'none.jpg') }))).toMatchObject({
    error_code: 'image_not_found',
    advice: [expect.any(String)],
  });
  expect(JSON.parse(await refused('status', { job_id: 'f'.repeat(32) }))).toMatchObject({
    error_code: 'not_found',
  });
  expect(JSON.parse(await refused('result', { job_id: '../x' }))).toMatchObject({ error_code: 'invalid_id' });
  expect(await refused('solve', { image: ORION, scale_low: -1 })).toMatch(/scale_low/);
  const wall = join(cli.dir, 'wall.jpg');
  const grey = sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } });
  await writeFile(wall, await grey.jpeg().toBuffer());
  const unsolved = contentOf(await client.callTool({ name: 'solve', arguments: { image: wall } }));
  expect(unsolved.result).toMatchObject({ ok: false, error_code: 'too_few_stars' });
  expect(JSON.parse(await refused('objects', { job_id: unsolved.job_id }))).toMatchObject({
    error_code: 'too_few_stars',
  });
  expect(
    JSON.parse(await refused('pixel_to_sky', { job_id: unsolved.job_id, pixels: [{ x: 1, y: 1 }] })),
  ).toMatchObject({
    error_code: 'not_found',
  });
});

it('a call that is cancelled ends its job', async () => {
  const client = await host();
  const slow = new AbortController();
  // Stars that are no sky: solve-field looks for them until the timeout.
  const hopeless = join(cli.dir, 'hopeless.png');
  await writeSky(hopeless, noSky('shuffled stars', 1), { format: 'png' });
  const call = client.callTool(
    { name: 'solve', arguments: { image: hopeless, timeout: 120 } },
    { signal: slow.signal, onprogress: ({ message }) => message === 'solving' && slow.abort('enough') },
  );
  await expect(call).rejects.toThrow();
  await until(async () => {
    const { jobs } = await cli.json<{ jobs: { state: string; error?: { code: string } }[] }>(['list']);
    return jobs.length === 1 && jobs[0]!.error?.code === 'cancelled';
  });
});

it('a job that was submitted goes on when the host has gone', async () => {
  const client = await host();
  const { status } = contentOf(await client.callTool({ name: 'submit', arguments: { image: ORION } }));
  await client.close();
  expect(await cli.json(['wait', '--job-id', status.job_id])).toMatchObject({ ok: true });
  await cli.idle();
});

it('a job whose program was killed is taken up for those who wait', async () => {
  const { client, pid } = await hostAndProgram();
  const { status } = contentOf(await client.callTool({ name: 'submit', arguments: { image: ORION } }));
  const stateOf = async () =>
    contentOf(await client.callTool({ name: 'status', arguments: { job_id: status.job_id } })).status.state;
  await until(async () => (await stateOf()) !== 'queued');
  // It can hand over nothing, and say nothing.
  process.kill(pid, 'SIGKILL');
  expect(await cli.json(['wait', '--job-id', status.job_id])).toMatchObject({ ok: true });
  await cli.idle();
});
