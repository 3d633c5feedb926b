/**
 * What `work` gives for each item, in the order of the items. So many at most are begun and not yet taken: whoever takes
 * slowly slows it down, and whoever takes no more ends it.
 *
 * @param work never rejects: nobody may be waiting for it any more
 */
export async function* runInOrder<I, O>(
  items: Iterable<I>,
  limit: number,
  work: (item: I) => Promise<O>,
): AsyncGenerator<O> {
  const begun: Promise<O>[] = [];
  for (const item of items) {
    if (begun.length === limit) yield begun.shift() as Promise<O>;
    begun.push(work(item));
  }
  for (const each of begun) yield each;
}
