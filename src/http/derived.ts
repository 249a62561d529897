import { readFileSync } from 'node:fs';
import { Gate } from '../async/gate.js';
import type { AstroJobs, ExportKind, ExportOptions, JobStatus } from '../index.js';
import { packageFile } from '../package-files.js';
import { tagOf, unlessKnown } from './conditional.js';
import { busy } from './errors.js';
import { attachment, UNTRUSTED_CSP } from './responses.js';
import type { Call } from './services.js';
import { readAhead, toWebStream } from './streams.js';

/** Pictures cost a core and memory each: so many are made at one time, over all handlers of the process. */
const drawing = new Gate({ places: 2, waiting: 200, refusal: busy });

interface ExportedOptions extends Omit<ExportOptions, 'signal' | 'filename'> {
  disposition?: 'attachment' | 'inline';
  /** What it shows will not change any more. */
  lasting?: boolean;
}

/** A picture may look different in another release. */
const { version: RELEASE } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string;
};

type Version = Pick<JobStatus, 'job_id' | 'updated_at'>;

/** Headers that tell whether a caller has it already, before it is made: what it is made of tells it apart. */
function caching({ job_id, updated_at }: Version, options: object, lasting = false) {
  const version = lasting ? '' : String(updated_at);
  return {
    etag: tagOf(RELEASE, job_id, version, JSON.stringify(options)),
    'cache-control': lasting ? 'private, max-age=86400' : 'private, no-cache',
  };
}

/** A file that is made when it is asked for: `new-fits`, `image-rd`, previews. */
export function exported(
  call: Call,
  job: Version,
  kind: ExportKind,
  { disposition, lasting, ...options }: ExportedOptions,
): Promise<Response> {
  return unlessKnown(call.request, caching(job, { kind, ...options }, lasting), async () => {
    call.turn.leave();
    const leave = await drawing.enter(call.client, call.request.signal);
    try {
      const { signal } = call.request;
      const file = await call.jobs.export(job.job_id, kind, { ...options, signal });
      const headers = {
        'content-type': file.contentType,
        'content-length': String(file.size),
        'content-disposition': attachment(file.name, disposition),
        'content-security-policy': UNTRUSTED_CSP,
      };
      return new Response(toWebStream(await readAhead(file.read())), { headers });
    } finally {
      leave();
    }
  });
}

type PictureOptions = NonNullable<Parameters<AstroJobs['annotate']>[1]>;

const PICTURE_TYPES = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  svg: 'image/svg+xml',
} as const;

export type DrawnOptions = PictureOptions & { format: keyof typeof PICTURE_TYPES };

/** The annotated picture. */
export function drawn(call: Call, job: Version, options: DrawnOptions): Promise<Response> {
  return unlessKnown(call.request, caching(job, options), async () => {
    call.turn.leave();
    const leave = await drawing.enter(call.client, call.request.signal);
    try {
      const picture = await call.jobs.annotate(job.job_id, options);
      const name = `annotated.${options.format === 'jpeg' ? 'jpg' : options.format}`;
      return new Response(new Uint8Array(picture), {
        headers: {
          'content-type': PICTURE_TYPES[options.format],
          'content-length': String(picture.byteLength),
          'content-disposition': attachment(name, 'inline'),
          'content-security-policy': UNTRUSTED_CSP,
        },
      });
    } finally {
      leave();
    }
  });
}
