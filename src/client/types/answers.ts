// Written by `npm run derive` from the schemas.
import type { ExportKind } from '../../export/formats.js';
import type { KeyFacts } from '../../keys/types/key.js';
import type { PublicStatus } from '../public-status.js';

/** A job whose documents cannot be read. */
export interface DamagedJob {
  /** The id of the job. */
  job_id: string;
  /** What is wrong with it, for a person. */
  problem: string;
}

/** A page of jobs. */
export interface StatusPage {
  /** Newest first by `created_at`. */
  jobs: PublicStatus[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
  /** Jobs whose documents cannot be read. */
  damaged: DamagedJob[];
}

/** One of many images that was refused. */
export interface RefusedImage {
  /** There is no job. */
  ok: false;
  /** What the image is called. */
  filename?: string;
  /** Why, one line for a person. */
  error: string;
  /** Why, for a program: a code of `ERROR_TABLE`. */
  error_code: string;
}

/** A file that a job has left. */
export interface FileEntry {
  /** Its name: `files/NAME` is its address. */
  name: string;
  /** Bytes. */
  size: number;
  /** When it was written, Unix seconds. */
  modified_at: number;
}

/** A format that a job can be exported in, and where. */
export interface ExportEntry {
  /** The name of the format, by which it is asked for. */
  format: ExportKind;
  /** What it is, for a person. */
  title: string;
  /** Its media type. */
  content_type: string;
  /** Where it is on the server. */
  href: string;
}

/** Who the server takes the caller for. */
export interface Caller {
  /** What the caller may do. */
  scopes: ReadonlyArray<'submit' | 'read:own' | 'read:all' | 'admin'>;
  /** The key that was shown; absent for the token, and where none is asked for. */
  key?: KeyFacts;
  /** Signs what goes to webhooks that this key names (Standard Webhooks). */
  webhook_secret?: string;
}
