// Written by `npm run docs:tables` from the schemas.

/** A file that is made of a job when it is solved, since its submitter asked for it. */
export interface WrittenExport {
  /** Name of the format: a key of `EXPORT_FORMATS`. */
  format: string;
  /** What it is called among the files of the job, once it is there. */
  file?: string;
  /** Why it could not be made of a job that was solved. */
  error?: {
    /** Why, for a program: a code of `ERROR_TABLE`. */
    code: string;
    /** Why, one line for a person. */
    message: string;
  };
}
