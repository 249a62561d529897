/** Does `act` for each item, for at most `atOnce` of them side by side. Rejects with the first failure. */
export async function forEachOf<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  // One iterator for all: each takes the next item when it has done its own.
  const queue = items[Symbol.iterator]();
  const workers = Array.from({ length: atOnce }, async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await act(next.value);
  });
  await Promise.all(workers);
}
