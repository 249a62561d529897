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
  /** Ends the request; the job may be there all the same. */
  signal?: AbortSignal;
}

/** What became of one of many images: its job, or why there is none. */
export type SubmittedImage =
  | ({
      /** There is a job. */
      ok: true;
    } & PublicStatus)
  | {
      /** There is none. */
      ok: false;
      /** What the image is called. */
      filename?: string;
      /** Why, one line for a person. */
      error: string;
      /** Why, for a program: a code of `ERROR_TABLE`. */
      error_code: string;
    };

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

/** A page of jobs. */
export interface StatusPage {
  /** Newest first by `created_at`. */
  jobs: PublicStatus[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
  /** Jobs whose documents cannot be read. */
  damaged: {
    /** The id of the job. */
    job_id: string;
    /** What is wrong with it, for a person. */
    problem: string;
  }[];
}

/** A file that a job has left. */
export interface FileEntry {
  /** Its name: `files/NAME` is its address. */
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
  /** Its media type. */
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
  /** The image as it is stored. */
  image: {
    /** The kind of file, such as `jpeg` or `fits`. */
    kind: string;
    /** Pixels as stored. */
    width: number;
    /** Height, pixels as stored. */
    height: number;
    /** Whether the first row of the file is the uppermost of the picture, or the lowest. */
    row_order: 'top-down' | 'bottom-up';
    /** EXIF Orientation, 1 to 8. */
    exif_orientation: number;
  };
  /** The plate solution, when there is one. */
  wcs?: Wcs;
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

/** Who the server takes the caller for. */
export interface Caller {
  /** What the caller may do. */
  scopes: readonly Scope[];
  /** The key that was shown; absent for the token, and where none is asked for. */
  key?: KeyFacts;
  /** Signs what goes to webhooks that this key names. */
  webhook_secret?: string;
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
