/**
 * Calls a server of `astro-jobs/http`, from a browser or from Node.
 * @module astro-jobs/client
 */

import type { JobResult } from '../job/result.js';
import { errorOf } from './error.js';
import { readChunks, readEvents } from './event-stream.js';
import type {
  About,
  Caller,
  ClientOptions,
  ExportEntry,
  FieldPage,
  FileEntry,
  FoundObject,
  Geometry,
  JobAddress,
  ListOptions,
  PublicStatus,
  QueueState,
  Signal,
  SolveParamsInput,
  StatusPage,
  SubmitOptions,
  SubmittedImage,
  UrlSubmission,
} from './types.js';

export { kindOf, OBJECT_KINDS, type ObjectKind } from '../catalog/kinds.js';
export { pixelToSky, skyToPixel } from '../wcs/tan-sip.js';
export { AstroJobsClientError } from './error.js';
export type * from './types.js';

/** Names and values behind the `?` of an address; what is undefined is left out. */
export type Query = Record<string, string | number | undefined>;
/** An image to be sent. */
export type ImageBody = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array>;

const textOf = (value: object | undefined) => value && JSON.stringify(value);
const RECONNECT_MS = 1000;
const MAX_WAIT_SECONDS = 50;

/**
 * Calls a server of `astro-jobs/http`, from a browser or from Node (≥ 20.19). Every verb rejects with an
 * `AstroJobsClientError` when the server says no.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://127.0.0.1:8080' });
 * const { job_id } = await client.submit(file, { scale_low: 1, scale_high: 3 });
 * for await (const status of client.watch(job_id)) console.log(status.state, status.progress?.stage);
 * const result = await client.result(job_id);
 */
export function createClient(options: ClientOptions) {
  const base = `${options.baseUrl.replace(/(?<!\/)\/+$/, '')}/api/v1`;
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  const address = (path: string, query: Query = {}) => {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(
      pairs.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return `${base}${path}${search === '' ? '' : `?${search}`}`;
  };
  const jobPath = (id: string, rest = '') => `/jobs/${encodeURIComponent(id)}${rest}`;

  async function call(path: string, init: RequestInit = {}, query: Query = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
    const response = await send(address(path, query), { ...init, headers });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
  async function document<T>(path: string, init?: RequestInit, query?: Query): Promise<T> {
    return (await (await call(path, init, query)).json()) as T;
  }

  async function* watch(id: string, { signal }: Signal = {}): AsyncGenerator<PublicStatus, void, void> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        const { body } = await call(jobPath(id, '/events'), { signal });
        for await (const { event, data } of readEvents(body)) {
          if (event === 'settled') return;
          if (event === 'status') yield JSON.parse(data);
        }
      } catch (error) {
        signal?.throwIfAborted();
        // A lost connection is a TypeError of fetch; an answer of the server is final.
        if (!(error instanceof TypeError)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  return {
    /** What the server allows. */
    about: ({ signal }: Signal = {}) => document<About>('', { signal }),

    /** Who the server takes the caller for, and what that one may do. */
    caller: ({ signal }: Signal = {}) => document<Caller>('/caller', { signal }),

    /** Sends an image; resolves when the job is durable. A stream needs Node, or a browser that can send one. */
    submit(image: ImageBody, params: SolveParamsInput = {}, submission: SubmitOptions = {}) {
      const { idempotencyKey, webhook, tags, metadata, exports, signal } = submission;
      const filename = submission.filename ?? ('name' in image ? String(image.name) : 'image');
      const headers: Record<string, string> = {
        'content-type': 'application/octet-stream',
        'x-filename': encodeURIComponent(filename),
      };
      if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
      const init = { method: 'POST', headers, signal, body: image, duplex: 'half' } as RequestInit;
      const query = {
        params: JSON.stringify(params),
        webhook,
        tags: tags?.join(','),
        metadata: textOf(metadata),
        exports: textOf(exports),
      };
      return document<PublicStatus>('/jobs', init, query);
    },

    /**
     * Sends many images in one request, a File each (or a Blob, and `[blob, 'name']`), with the same parameters and options. Resolves when all are durable,
     * with what became of each, in their order.
     */
    async submitMany(
      images: Iterable<Blob | readonly [image: Blob, filename: string]>,
      params: SolveParamsInput = {},
      { idempotencyKey, webhook, tags, metadata, exports, signal }: Omit<SubmitOptions, 'filename'> = {},
    ): Promise<SubmittedImage[]> {
      const form = new FormData();
      const fields = { params, metadata, exports };
      for (const [name, value] of Object.entries(fields)) if (value) form.append(name, JSON.stringify(value));
      if (webhook !== undefined) form.append('webhook', webhook);
      if (tags) form.append('tags', tags.join(','));
      for (const image of images) {
        const [blob, filename] = image instanceof Blob ? [image, undefined] : image;
        if (filename === undefined) form.append('image', blob);
        else form.append('image', blob, filename);
      }
      const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const init = { method: 'POST', headers, body: form, signal } as RequestInit;
      return (await document<{ jobs: SubmittedImage[] }>('/jobs/batch', init)).jobs;
    },

    /** Where an image is sent as the body of a POST, for those who send it by other means (a progress bar needs XMLHttpRequest). */
    submitAddress: (params: SolveParamsInput = {}) => address('/jobs', { params: JSON.stringify(params) }),

    /** Lets the server fetch the image, where it may. */
    submitUrl(
      { url, params = {} }: UrlSubmission,
      { filename, webhook, tags, metadata, exports, signal, idempotencyKey }: SubmitOptions = {},
    ) {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
      const body = JSON.stringify({ url, params, filename, webhook, tags, metadata, exports });
      return document<PublicStatus>('/jobs', { method: 'POST', headers, body, signal });
    },

    /** How the job stands. */
    status: (id: string, { signal }: Signal = {}) => document<PublicStatus>(jobPath(id), { signal }),
    /** The result document, of a failed job too; rejects with `not_ready` before it is there. */
    result: (id: string, { signal }: Signal = {}) => document<JobResult>(jobPath(id, '/result'), { signal }),
    /** The result document as soon as it is there. */
    async wait(id: string, { signal }: Signal = {}): Promise<JobResult> {
      for await (const _ of watch(id, { signal }));
      return document<JobResult>(jobPath(id, '/result'), { signal }, { wait: MAX_WAIT_SECONDS });
    },
    /** The status now and after each change, until the job is settled; over lost connections too. */
    watch,
    /** A page of jobs, newest first. */
    list: ({ signal, ...query }: ListOptions = {}) => document<StatusPage>('/jobs', { signal }, query),
    /** Resolves when the job has ended. */
    cancel: (id: string, { signal }: Signal = {}) =>
      document<PublicStatus>(jobPath(id, '/cancel'), { method: 'POST', signal }),
    /** Runs a failed job again, with parameters that differ from those it had; `null` takes one back. */
    retry: (id: string, { params, signal }: Signal & { params?: SolveParamsInput } = {}) =>
      document<PublicStatus>(jobPath(id, '/retry'), {
        method: 'POST',
        ...(params && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ params }),
        }),
        signal,
      }),
    /** Takes the job away with all its files. */
    async remove(id: string, { signal }: Signal = {}): Promise<void> {
      await call(jobPath(id), { method: 'DELETE', signal });
    },
    /** The log as it is now. */
    async log(id: string, { signal }: Signal = {}): Promise<string> {
      return (await call(jobPath(id, '/log'), { signal })).text();
    },
    /** The log as it grows, until the job has ended. */
    async *followLog(id: string, { signal }: Signal = {}): AsyncGenerator<string, void, void> {
      const { body } = await call(jobPath(id, '/log'), { signal }, { follow: 1 });
      const decoder = new TextDecoder();
      for await (const chunk of readChunks(body)) yield decoder.decode(chunk, { stream: true });
    },
    /** The files that the job has left. */
    async files(id: string, { signal }: Signal = {}): Promise<FileEntry[]> {
      return (await document<{ files: FileEntry[] }>(jobPath(id, '/files'), { signal })).files;
    },
    /** The formats that the job can be exported in now; each is at `exports/FORMAT`. */
    async exports(id: string, { signal }: Signal = {}): Promise<ExportEntry[]> {
      return (await document<{ exports: ExportEntry[] }>(jobPath(id, '/exports'), { signal })).exports;
    },
    /** How the image lies, and where it looks. */
    geometry: (id: string, { signal }: Signal = {}) =>
      document<Geometry>(jobPath(id, '/geometry'), { signal }),
    /** The answer that holds a file or picture: its `body` streams, its `blob()` is all of it. */
    download: (id: string, what: JobAddress, { signal }: Signal = {}) =>
      call(jobPath(id, `/${what}`), { signal }),
    /** The object of that name in the server's catalogue, or the constellation; rejects with `not_found`. */
    object: (name: string, { signal }: Signal = {}) =>
      document<FoundObject>('/objects', { signal }, { name }),
    /** A page of what the solved jobs look at, the newest first. */
    fields: ({ signal, ...query }: Omit<ListOptions, 'state'> = {}) =>
      document<FieldPage>('/fields', { signal }, query),
    /** Where a browser finds the map of the sky by itself. */
    skyMapAddress: () => address('/sky.svg'),
    /** All of them on a map of the sky, an SVG. */
    async skyMap({ signal }: Signal = {}): Promise<string> {
      return (await call('/sky.svg', { signal })).text();
    },
    /** What waits, and which processes run what; asks for the scope `admin`. */
    queue: ({ signal }: Signal = {}) => document<QueueState>('/queue', { signal }),
    /** Where a browser finds a file or picture by itself. */
    addressOf: (id: string, what: JobAddress, query: Query = {}) => address(jobPath(id, `/${what}`), query),
  };
}

/** What `createClient` gives. */
export type AstroJobsClient = ReturnType<typeof createClient>;
