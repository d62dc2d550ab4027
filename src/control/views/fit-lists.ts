/** How much of each list is shown where they do not all fit: the first that does. */
const PAGES = [500, 200, 100, 50, 20, 10, 5, 1, 0]

/**
 * How many entries of each list fit into `bytes` together, as JSON. All of them where they do; else as many of each, and at most
 * 500: short lists stay whole beside a long one. The time it takes depends on `bytes`, not on how long the lists are.
 */
export function fitLists(lists: readonly (readonly unknown[])[], bytes: number): number[] {
  const page = [Infinity, ...PAGES].find((most) => sizeWithin(lists, most, bytes)) ?? 0
  return lists.map(({ length }) => Math.min(length, page))
}

function sizeWithin(lists: readonly (readonly unknown[])[], most: number, bytes: number): boolean {
  let size = 0
  for (const list of lists) {
    for (let index = 0; index < Math.min(list.length, most); index += 1) {
      size += Buffer.byteLength(JSON.stringify(list[index])) + 1
      if (size > bytes) return false
    }
  }
  return true
}
