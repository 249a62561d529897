/** Waits until all have ended, also after one has failed, so that nothing goes on behind the back of who cleans up. Rejects with the first failure. */
export async function allEnded(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
