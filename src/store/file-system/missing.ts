export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What a call gives, or `absent` if nothing is at its path. Any other error is one: a disk that fails is not an empty one. */
export async function unlessMissing<T, A>(call: Promise<T>, absent: A): Promise<T | A> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return absent;
    throw error;
  }
}
