import type { CatalogRow } from '../catalog/table.js';
import type { ExportRequestInput } from '../export/export-request.js';
import type { SolveParamsInput } from '../job/param-table.js';
import type { JobState, JobStatus } from '../job/status.js';
import type { KeyFacts, Scope } from '../keys/key.js';
import type { Wcs } from '../wcs/wcs.js';

export type { Astrometry, AstroObject } from '../job/astrometry.js';
export type { Capture } from '../job/capture.js';
export type { SolveParamsInput } from '../job/param-table.js';
export type { FailedResult, JobResult, SolvedResult } from '../job/result.js';
export type { JobState } from '../job/status.js';
export type { QueueState, WorkerState } from '../jobs/queue-state.js';
export type { FieldPage, SolvedField } from '../jobs/solved-fields.js';
export type { Wcs } from '../wcs/wcs.js';

/** A status as the server tells it: `lease`, `worker` and `rate_key` are never there. */
export type PublicStatus = JobStatus & {
  /** `false`: the caller may look at the job, and not cancel, retry or remove it. */
  may_change?: boolean;
};

export interface ClientOptions {
  /** Where the handler is mounted, such as `http://127.0.0.1:8080`. In a browser, '' is the page's own server. */
  baseUrl: string;
  /** A key, or the token of the server: sent as `Authorization: Bearer …`. */
  token?: string;
  /** @default globalThis.fetch */
  fetch?: typeof fetch;
}

export interface SubmitOptions {
  /** What the image is called. @default the name of a File, else `image` */
  filename?: string;
  /** Submitting again with the same key gives the same job. */
  idempotencyKey?: string;
  /** URL to be told when the job has ended, where the server allows it. */
  webhook?: string;
  /** Words by which the job is found: `list({ tag })`. */
  tags?: readonly string[];
  /** Whatever shall be kept with the job. */
  metadata?: Readonly<Record<string, unknown>>;
  /** Formats to be written among the files of the job when it is solved; `exports` of its result says how they are called. */
  exports?: readonly ExportRequestInput[];
  signal?: AbortSignal;
}

/** What became of one of many images: its job, or why there is none. */
export type SubmittedImage =
  | ({ ok: true } & PublicStatus)
  | { ok: false; filename?: string; error: string; error_code: string };

export interface ListOptions {
  state?: JobState;
  /** Only jobs with this tag. */
  tag?: string;
  /** @default 100 */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
  signal?: AbortSignal;
}

export interface StatusPage {
  jobs: PublicStatus[];
  next?: string;
  damaged: { job_id: string; problem: string }[];
}

export interface FileEntry {
  name: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  modified_at: number;
}

/** A format that a job can be exported in. */
export interface ExportEntry {
  /** What `exports/FORMAT` is called with. */
  format: string;
  /** What it is, for a person. */
  title: string;
  content_type: string;
  /** Where it is on the server. */
  href: string;
}

/** An object of the catalogue. */
export interface FoundObject extends CatalogRow {
  names: readonly string[];
}

/** How the image lies, and where it looks. */
export interface Geometry {
  image: {
    kind: string;
    /** Pixels as stored. */
    width: number;
    height: number;
    row_order: 'top-down' | 'bottom-up';
    /** EXIF Orientation, 1 to 8. */
    exif_orientation: number;
  };
  wcs?: Wcs;
}

export interface About {
  max_upload_bytes: number;
  url_fetch: boolean;
  nova: boolean;
  /** Whether callers must show a key or the token. */
  needs_token: boolean;
}

/** Who the server takes the caller for. */
export interface Caller {
  scopes: readonly Scope[];
  /** The key that was shown; absent for the token, and where none is asked for. */
  key?: KeyFacts;
  /** Signs what goes to webhooks that this key names. */
  webhook_secret?: string;
}

export interface Signal {
  signal?: AbortSignal;
}

/** Paths of what a browser shows or saves by itself. */
export type JobAddress =
  | 'image'
  | 'preview.jpg'
  | 'annotated.jpg'
  | 'annotated.png'
  | 'annotated.webp'
  | 'annotated.svg'
  | 'new.fits'
  | 'result'
  | 'log'
  | `exports/${string}`
  | `files/${string}`;

export interface UrlSubmission {
  url: string;
  params?: SolveParamsInput;
}
