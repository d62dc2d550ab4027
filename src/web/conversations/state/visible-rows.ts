/** Rows above and below what is seen, so that a turn of the wheel shows no empty place. */
const OVERSCAN = 6
/** Before the list has been measured. */
const FIRST_ROWS = 20

/** Where a list of rows of one height is scrolled to. Pixels; `rowHeight` and `height` are 0 before they are measured. */
export interface ListViewport {
  scrollTop: number
  height: number
  rowHeight: number
}

/**
 * Which of `count` rows are drawn: those that are seen and a few around them, `first` included, `end` not. However many there are, the
 * number of rows that are drawn depends on the height of the list alone.
 */
export function visibleRows({ scrollTop, height, rowHeight }: ListViewport, count: number): [number, number] {
  if (rowHeight <= 0) return [0, Math.min(count, FIRST_ROWS)]
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - OVERSCAN
  const end = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + OVERSCAN
  const bounded = (row: number): number => Math.min(count, Math.max(0, row))
  return [bounded(Math.min(first, count - FIRST_ROWS)), bounded(end)]
}

/** Where the list has to be scrolled to so that `row` is seen whole; where it is, when it is seen already. */
export function scrollTopFor(row: number, { scrollTop, height, rowHeight }: ListViewport): number {
  const top = row * rowHeight
  if (top < scrollTop) return top
  return Math.max(scrollTop, top + rowHeight - height)
}
