import { createHash } from 'node:crypto';
import { AstroJobsError, encodeSourceList } from '../../index.js';
import { accept, inTurn } from '../accept.js';
import { HttpError } from '../errors.js';
import type { Call } from '../services.js';
import type { NovaArguments, NovaRequest } from './arguments.js';
import { freeNovaId, jobIdOfNova } from './ids.js';
import { paramsFromNova } from './params.js';

type Accepted = { subid: number; hash: string };

/** `/api/upload`: a file, or a source list in the JSON. */
export async function upload(call: Call, request: NovaRequest): Promise<Accepted> {
  const { args, file } = request;
  if (file) return inTurn(call, () => submit(call, args, file));
  if (hasSourceList(args)) return submitSourceList(call, args);
  throw new HttpError('invalid_params', 'no file: send the image as the form part `file`');
}

/** `/api/url_upload`: an image somewhere else, or a source list in the JSON. */
export async function urlUpload(call: Call, { args }: NovaRequest): Promise<Accepted> {
  if (args.url === undefined && hasSourceList(args)) return submitSourceList(call, args);
  if (typeof args.url !== 'string') throw new HttpError('invalid_params', 'need "url"');
  const { fetchImage } = call;
  if (!fetchImage)
    throw new HttpError('url_fetch_disabled', 'This server fetches no URLs; upload the file itself');
  const { url } = args;
  return inTurn(call, async () => submit(call, args, await fetchImage(url, call.request.signal)));
}

async function submit(
  call: Call,
  args: NovaArguments,
  file: { filename: string; bytes: AsyncIterable<Uint8Array> },
): Promise<Accepted> {
  const subid = await freeNovaId(call.jobs);
  const hash = createHash('sha1');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.bytes) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await accept(call, {
    image: hashed(),
    params: paramsFromNova(args),
    filename: file.filename || 'image',
    jobId: jobIdOfNova(subid),
  });
  return { subid, hash: hash.digest('hex') };
}

const hasSourceList = (args: NovaArguments) => args.x !== undefined || args.y !== undefined;

async function submitSourceList(call: Call, args: NovaArguments): Promise<Accepted> {
  const [x, y] = [coordinates(args, 'x'), coordinates(args, 'y')];
  if (x.length !== y.length) throw new AstroJobsError('invalid_params', 'x and y must be of the same length');
  const largest = (values: number[]) => Math.ceil(values.reduce((most, value) => Math.max(most, value), 1));
  const sized = { image_width: largest(x), image_height: largest(y), ...withoutNull(args) };
  const bytes = encodeSourceList({ x, y });
  async function* once(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return submit(call, sized, { filename: 'sources.xyls', bytes: once() });
}

function withoutNull(args: NovaArguments): NovaArguments {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

function coordinates(args: NovaArguments, key: 'x' | 'y'): number[] {
  const values: unknown = args[key];
  const numbers = Array.isArray(values) ? values.map(Number) : [];
  if (numbers.length > 0 && numbers.every(Number.isFinite)) return numbers;
  throw new AstroJobsError('invalid_params', `Expected ${key} to be a list of numbers`);
}
