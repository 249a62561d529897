import type { AstroJobs, ExportKind } from '../index.js';
import { Gate } from './gate.js';
import { attachment, UNTRUSTED_CSP } from './responses.js';
import type { Call } from './services.js';
import { readAhead, toWebStream } from './streams.js';

/** Pictures cost a core and memory each: so many are made at one time, over all handlers of the process. */
const drawing = new Gate({ places: 2, waiting: 200 });

interface ExportedOptions {
  width?: number;
  disposition?: 'attachment' | 'inline';
  /** What it shows never changes, for it is made from the image alone. */
  lasting?: boolean;
}

const caching = (lasting: boolean | undefined) => (lasting ? 'private, max-age=86400' : 'private, no-cache');

/** A file that is made when it is asked for: `new-fits`, `image-rd`, previews. */
export async function exported(
  call: Call,
  id: string,
  kind: ExportKind,
  options: ExportedOptions,
): Promise<Response> {
  const leave = await drawing.enter(call.client, call.request.signal);
  try {
    const file = await call.jobs.export(id, kind, { width: options.width, signal: call.request.signal });
    const headers: Record<string, string> = {
      'content-type': file.contentType,
      'content-disposition': attachment(file.name, options.disposition),
      'content-security-policy': UNTRUSTED_CSP,
      'cache-control': caching(options.lasting),
    };
    if (file.size !== undefined) headers['content-length'] = String(file.size);
    return new Response(toWebStream(await readAhead(file.read())), { headers });
  } finally {
    leave();
  }
}

type PictureOptions = NonNullable<Parameters<AstroJobs['annotate']>[1]>;

const PICTURE_TYPES = { jpeg: 'image/jpeg', png: 'image/png', svg: 'image/svg+xml' } as const;

export type DrawnOptions = PictureOptions & { format: keyof typeof PICTURE_TYPES };

/** The annotated picture. */
export async function drawn(call: Call, id: string, options: DrawnOptions): Promise<Response> {
  const leave = await drawing.enter(call.client, call.request.signal);
  try {
    const picture = await call.jobs.annotate(id, options);
    const name = `annotated.${options.format === 'jpeg' ? 'jpg' : options.format}`;
    return new Response(new Uint8Array(picture), {
      headers: {
        'content-type': PICTURE_TYPES[options.format],
        'content-length': String(picture.byteLength),
        'content-disposition': attachment(name, 'inline'),
        'content-security-policy': UNTRUSTED_CSP,
        'cache-control': caching(false),
      },
    });
  } finally {
    leave();
  }
}
