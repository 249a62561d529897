import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:problem\+)?json\b|image\/svg\+xml)/;
/** Below, headers weigh more than what is saved; above, an answer is a file and streams. */
const [MIN_BYTES, MAX_BYTES] = [1024, 32 * 1024 ** 2];

const ENCODERS = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes),
} as const;

/** The coding that the caller likes best of those that we have; the first on equal weight. */
function acceptedEncoding(header: string | null): keyof typeof ENCODERS | undefined {
  const weights = new Map(
    (header ?? '').split(',').map((item): [string, number] => {
      const [coding = '', weight] = item.replace(/\s/g, '').toLowerCase().split(';q=');
      return [coding, weight === undefined ? 1 : Number(weight)];
    }),
  );
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const [best] = (['br', 'gzip'] as const)
    .filter((coding) => weightOf(coding) > 0)
    .sort((left, right) => weightOf(right) - weightOf(left));
  return best;
}

/** JSON and text in fewer bytes, where the caller takes that; parts of files and streams as they are. */
export async function compressed(request: Request, response: Response): Promise<Response> {
  const length = Number(response.headers.get('content-length') ?? 0);
  const { headers } = response;
  const fits = length >= MIN_BYTES && length <= MAX_BYTES && !headers.has('accept-ranges');
  if (!response.body || !fits || !COMPRESSIBLE.test(headers.get('content-type') ?? '')) return response;
  headers.append('vary', 'Accept-Encoding');
  const coding = acceptedEncoding(request.headers.get('accept-encoding'));
  if (coding === undefined || request.method === 'HEAD') return response;
  const bytes = await ENCODERS[coding](new Uint8Array(await response.arrayBuffer()));
  headers.set('content-encoding', coding);
  headers.set('content-length', String(bytes.byteLength));
  return new Response(new Uint8Array(bytes), { status: response.status, headers });
}
