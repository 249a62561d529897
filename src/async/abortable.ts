/**
 * What `work` comes to, unless `signal` is aborted first: then rejects at once with its reason. The work goes on: only the waiting ends.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ending = new AbortController();
  try {
    return await new Promise<T>((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true, signal: ending.signal });
      if (signal.aborted) leave();
      work.then(resolve, reject);
    });
  } finally {
    ending.abort();
  }
}
