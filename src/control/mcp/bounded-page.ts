/** Of a result as JSON: what a model reads at once. */
const MAX_RESULT_LENGTH = 60_000

/**
 * A page whose JSON is not longer than a result may be, of fewer entries where they are long: its cursor goes on behind the last one. A
 * single entry is bounded by its own limits.
 */
export async function boundedPage<Page>(
  read: (limit: number) => Promise<Page>,
  limit: number,
): Promise<Page> {
  const page = await read(limit)
  if (limit === 1 || JSON.stringify(page).length <= MAX_RESULT_LENGTH) return page
  return boundedPage(read, Math.floor(limit / 2))
}
