/** All items in lists of at most `size`, in their order; the last list may be shorter, and none is empty. */
export async function* inRounds<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let round: T[] = [];
  for await (const item of items) {
    round.push(item);
    if (round.length < size) continue;
    yield round;
    round = [];
  }
  if (round.length > 0) yield round;
}
