import { describe, expect, it, vi } from 'vitest';
import { createClient } from '../../src/client/index.js';
import { EXPORT_FORMATS, isExportKind } from '../../src/export/formats.js';
import { AstroJobsError } from '../../src/index.js';
import { testServer } from './support.js';

describe('exports by HTTP', () => {
  it('lists the formats that hold for a job, and each is there', async () => {
    const server = await testServer({ basePath: '' });
    const id = await server.settle('M 31.png');
    const client = createClient({ baseUrl: server.url });
    const offers = await client.exports(id);
    const formats = offers.map(({ format }) => format);
    expect(formats).toEqual(
      expect.arrayContaining(['json', 'wcs', 'new-fits', 'svg', 'ds9', 'kmz', 'avm', 'ini', 'thumbnail']),
    );
    // This solver leaves no matched stars.
    expect(formats).not.toEqual(expect.arrayContaining(['rdls']));
    for (const { format, content_type, href } of offers) {
      const answer = await fetch(new URL(href, server.url), { headers: { 'accept-encoding': 'identity' } });
      const { ending } = EXPORT_FORMATS[format as keyof typeof EXPORT_FORMATS];
      const name = answer.headers.get('content-disposition');
      expect(answer.status, format).toBe(200);
      if (format === 'avm') expect(answer.headers.get('content-type')).toBe('image/png');
      else {
        expect(answer.headers.get('content-type'), format).toBe(content_type);
        expect(name).toContain(`M 31${ending}`);
      }
      expect((await answer.arrayBuffer()).byteLength, format).toBe(
        Number(answer.headers.get('content-length')),
      );
    }
  });

  it('lists little for a job that was not solved, and says no to what is not there', async () => {
    const server = await testServer();
    server.solver.behaviour = 'fail';
    const id = await server.settle();
    const client = createClient({ baseUrl: server.url });
    const formats = (await client.exports(id)).map(({ format }) => format);
    expect(formats).toEqual(['json', 'preview', 'thumbnail']);
    for (const format of ['kmz', 'wcs', 'svg', 'nonsense']) {
      const answer = await fetch(`${server.api}/jobs/${id}/exports/${format}`);
      expect([answer.status, ((await answer.json()) as { error_code: string }).error_code]).toEqual([
        404,
        'not_found',
      ]);
    }
    expect(isExportKind('toString')).toBe(false);
  });

  it('draws with the options of drawings, and not with others', async () => {
    const server = await testServer();
    const address = `${server.api}/jobs/${await server.settle()}/exports/svg`;
    const narrow = await (await fetch(`${address}?width=500&style=minimal`)).text();
    expect(narrow).toContain('width="500"');
    expect(narrow).not.toContain('id="grid"');
    expect((await fetch(`${address}?style=loud`)).status).toBe(400);
  });

  it.each(['preview.jpg', 'exports/thumbnail'])('answers 504 where a %s runs out of time', async (view) => {
    const server = await testServer();
    const id = await server.settle();
    // A picture that takes longer than the minute that it may cannot be had on demand.
    const late = new AstroJobsError('timeout', 'The image was not read within 60 s');
    vi.spyOn(server.jobs, 'export').mockRejectedValue(late);
    const answer = await fetch(`${server.api}/jobs/${id}/${view}`);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ ok: false, error_code: 'timeout', error: late.message });
  });
});
