/** Some at once, taken up in the order in which they come; the first failure ends them all. */
export async function eachOf<Item>(
  items: Iterator<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    for (let next = items.next(); !next.done; next = items.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
