import type { CatalogRow } from '../catalog/table.js';
import type { ExportRequestInput } from '../export/export-request.js';
import type { SolveParamsInput } from '../job/param-table.js';
import type { JobState } from '../job/status.js';
import type { PublicStatus } from './public-status.js';
import type { RefusedImage } from './types/answers.js';

export type { JobGeometry as Geometry } from '../export/geometry.js';
export type { Astrometry, AstroObject } from '../job/astrometry.js';
export type { Capture } from '../job/capture.js';
export type { SolveParamsInput } from '../job/param-table.js';
export type { FailedResult, JobResult, SolvedResult } from '../job/result.js';
export type { JobState } from '../job/status.js';
export type { QueueState, WorkerState } from '../jobs/queue-state.js';
export type { FieldPage, SolvedField } from '../jobs/solved-fields.js';
export type { Wcs } from '../wcs/wcs.js';
export type { PublicStatus } from './public-status.js';
export type {
  Caller,
  DamagedJob,
  ExportEntry,
  FileEntry,
  RefusedImage,
  StatusPage,
} from './types/answers.js';

/** Which server is called, and how. */
export interface ClientOptions {
  /** Where the handler is mounted, such as `http://127.0.0.1:8080`. In a browser, '' is the page's own server. */
  baseUrl: string;
  /** A key, or the token of the server: sent as `Authorization: Bearer …`. */
  token?: string;
  /** @default globalThis.fetch */
  fetch?: typeof fetch;
}

/** What is said of an image beside the parameters. */
export interface SubmitOptions {
  /** What the image is called. @default the name of a File, else `image` */
  filename?: string;
  /** Submitting the same again with the same key gives the same job; anything else is refused. */
  idempotencyKey?: string;
  /** URL to be told when the job has ended, where the server allows it. */
  webhook?: string;
  /** Words by which the job is found: `list({ tag })`. */
  tags?: readonly string[];
  /** Whatever shall be kept with the job. */
  metadata?: Readonly<Record<string, unknown>>;
  /** Formats to be written among the files of the job when it is solved; `exports` of its result says how they are called. */
  exports?: readonly ExportRequestInput[];
  /** Ends the request; the job may be there all the same. */
  signal?: AbortSignal;
}

/** What became of one of many images: its job, or why there is none. */
export type SubmittedImage =
  | ({
      /** There is a job. */
      ok: true;
    } & PublicStatus)
  | RefusedImage;

/** Which jobs a page shows. */
export interface ListOptions {
  /** Only jobs in this state. */
  state?: JobState;
  /** Only jobs with this tag. */
  tag?: string;
  /** @default 100 */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
  /** Ends the request. */
  signal?: AbortSignal;
}

/** An object of the catalogue. */
export interface FoundObject extends CatalogRow {
  names: readonly string[];
}

/** What a server allows. */
export interface About {
  /** Bytes that one upload may have. */
  max_upload_bytes: number;
  /** Whether it fetches images by their URL. */
  url_fetch: boolean;
  /** Whether it answers clients of nova.astrometry.net, too. */
  nova: boolean;
  /** Whether callers must show a key or the token. */
  needs_token: boolean;
}

/** How a request is ended. */
export interface Signal {
  /** Ends the request; it then rejects with `signal.reason`. */
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

/** An image that the server fetches. */
export interface UrlSubmission {
  /** Where the image is. */
  url: string;
  /** Parameters of the solve. */
  params?: SolveParamsInput;
}
