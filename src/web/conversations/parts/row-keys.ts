/** How far each key goes. `rows`: of the list; `seen`: those that fit into it. */
const STEPS: Readonly<Record<string, (at: number, rows: number, seen: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => (at < 0 ? 0 : at - 1),
  PageDown: (at, _rows, seen) => at + seen,
  PageUp: (at, _rows, seen) => at - seen,
  Home: () => 0,
  End: (_at, rows) => rows - 1,
}

/** What the keys of a list do, and where they are. */
interface RowKeys<Row> {
  rows: readonly Row[]
  /** Which row the keys are at; -1 for none. */
  active: number
  /** How many rows fit into the list. */
  seen: number
  choose: (row: Row) => void
  /** The keys go to this row: it has to be seen. */
  moveTo: (row: Row, index: number, list: Element) => void
}

/** The keys of a list whose rows need not all be drawn: the list itself has the focus, and says which row the keys are at. */
export function rowKeys<Row>({
  rows,
  active,
  seen,
  choose,
  moveTo,
}: RowKeys<Row>): (event: KeyboardEvent & { currentTarget: Element }) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const current = rows[active]
    const step = STEPS[event.key]
    const isChosen = event.key === 'Enter' || event.key === ' '
    if (step === undefined && !isChosen) return
    event.preventDefault()
    if (isChosen && current !== undefined) choose(current)
    if (step === undefined) return
    const next = Math.min(rows.length - 1, Math.max(0, step(active, rows.length, seen)))
    const row = rows[next]
    if (row !== undefined) moveTo(row, next, event.currentTarget)
  }
}
