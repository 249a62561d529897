import { expect, it, vi } from 'vitest';
import { jobIdOfNova } from '../../src/http/nova/ids.js';
import { novaAnswerOf, smallPicture, testServer } from './support.js';

it('`myjobs` of a caller that sees its own jobs reads no others', async () => {
  const server = await testServer({
    nova: true,
    authorize: (request) => ({
      caller: request.headers.get('authorization') === 'Bearer one' ? 'one' : 'two',
      scopes: ['submit', 'read:own'],
    }),
  });
  for (const [nova, rateKey] of [
    [11, 'one'],
    [12, 'two'],
    [13, 'one'],
  ] as const)
    await server.jobs.submit(await smallPicture(), {}, { jobId: jobIdOfNova(nova), rateKey });
  const list = vi.spyOn(server.jobs, 'list');
  const headers = { authorization: 'Bearer one' };
  const { jobs } = await novaAnswerOf(fetch(`${server.url}api/myjobs`, { headers }));
  expect(jobs).toEqual([13, 11]);
  const pages = await Promise.all(list.mock.results.map(({ value }) => value));
  expect(pages.flatMap((page) => page.jobs).map(({ rate_key }) => rate_key)).toEqual(['one', 'one']);
});
