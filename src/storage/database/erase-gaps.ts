/** Kinds of pages of a table or an index, https://www.sqlite.org/fileformat2.html#b_tree_pages. */
const INTERIOR = new Set([2, 5])
const LEAVES = new Set([10, 13])
/** The file's own header, on the first page. */
const FILE_HEADER_BYTES = 100
const FREE_BLOCK_HEADER_BYTES = 4
const MAX_FREE_BLOCKS = 65_536 / FREE_BLOCK_HEADER_BYTES

/**
 * Overwrites with zeros the places of a page of SQLite's that hold nothing: the room before the cells, and freed blocks between them. Rows
 * that stood there once and were moved are nowhere then. What the page says stays the same. Pages of other kinds are left alone. Answers
 * the ranges that were not zero before, as offsets. Throws a `RangeError` for a page that is not as the file format says.
 */
export function eraseGaps(page: Buffer, isFirst: boolean): { start: number; end: number }[] {
  const header = isFirst ? FILE_HEADER_BYTES : 0
  const kind = page.readUInt8(header)
  if (!INTERIOR.has(kind) && !LEAVES.has(kind)) return []
  const pointers = header + (INTERIOR.has(kind) ? 12 : 8)
  const gapStart = pointers + 2 * page.readUInt16BE(header + 3)
  const gapEnd = page.readUInt16BE(header + 5) || 65_536
  if (gapStart > gapEnd || gapEnd > page.length) throw new RangeError('the cells of a page overlap')
  const gaps = [{ start: gapStart, end: gapEnd }]
  let block = page.readUInt16BE(header + 1)
  let last = gapEnd
  for (let count = 0; block !== 0; count += 1) {
    const size = block + FREE_BLOCK_HEADER_BYTES <= page.length ? page.readUInt16BE(block + 2) : 0
    if (
      block < last ||
      size < FREE_BLOCK_HEADER_BYTES ||
      block + size > page.length ||
      count > MAX_FREE_BLOCKS
    )
      throw new RangeError('a freed block of a page lies outside of it')
    gaps.push({ start: block + FREE_BLOCK_HEADER_BYTES, end: block + size })
    last = block + size
    block = page.readUInt16BE(block)
  }
  return gaps.filter(({ start, end }) => erase(page, start, end))
}

/** False where it was all zero. */
export function erase(page: Buffer, start: number, end: number): boolean {
  const part = page.subarray(start, end)
  if (part.every((byte) => byte === 0)) return false
  part.fill(0)
  return true
}
