import { AstroJobsError } from '../../job/errors.js';

/** What `work` resolves with, if it does so in time: a connection that is dead without saying so keeps nobody waiting. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new AstroJobsError('storage_failed', `The queue did not answer within ${ms / 1000} s`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
