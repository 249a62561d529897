/** An answer of the server that says no. `code` is the library's (`not_found`, `invalid_params`, …) or one of HTTP's own. */
export class AstroJobsClientError extends Error {
  /** The name of the class. */
  override readonly name = 'AstroJobsClientError';
  /** HTTP status of the answer. */
  readonly status: number;
  /** Why, for a program: a code of `ERROR_TABLE`, or one of the server's own. */
  readonly code: string;
  /** The job that it is about, where there is one. */
  readonly jobId?: string;

  constructor(status: number, code: string, message: string, jobId?: string) {
    super(message);
    this.status = status;
    this.code = code;
    if (jobId !== undefined) this.jobId = jobId;
  }
}

/** The error that a refused answer stands for. */
export async function errorOf(response: Response): Promise<AstroJobsClientError> {
  const text = await response.text().catch(() => '');
  try {
    const { error, error_code, job_id } = JSON.parse(text);
    if (typeof error === 'string')
      return new AstroJobsClientError(response.status, String(error_code ?? 'internal'), error, job_id);
  } catch {
    // Not from our server, but from something before it.
  }
  const what = response.statusText || 'no explanation';
  return new AstroJobsClientError(response.status, 'http_error', `HTTP ${response.status}: ${what}`);
}
