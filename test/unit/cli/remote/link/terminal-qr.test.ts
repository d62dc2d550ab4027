import { expect, test } from 'vitest'
import { drawQr, groupCode } from '../../../../../src/cli/remote/link/terminal-qr.ts'
import { firstMode } from '../../../qr-mode.ts'
import { readQr } from '../../../read-qr.ts'

const CONTENT = `2@${'Zm9vYmFy'.repeat(12)},${'a'.repeat(43)}=,${'b'.repeat(43)}=,${'c'.repeat(43)}=`

/** The modules as half blocks draw them: two rows a line, `true` is dark. */
function readHalfBlocks(drawing: string): boolean[][] {
  return drawing
    .split('\n')
    .flatMap((line) => [
      Array.from(line, (character) => character === '█' || character === '▀'),
      Array.from(line, (character) => character === '█' || character === '▄'),
    ])
}

// eslint-disable-next-line no-control-regex
const withoutColours = (drawing: string): string => drawing.replaceAll(/\u001B\[[\d;]*m/g, '')

test.each([true, false])('a reader of QR codes gets what was drawn (colours: %s)', async (colours) => {
  const { drawing } = await drawQr(CONTENT, { colours, size: null })
  expect(readQr(readHalfBlocks(withoutColours(drawing ?? '')))).toBe(CONTENT)
})

test('no character set is named, which not every scanner understands', async () => {
  const { drawing } = await drawQr(CONTENT, { colours: false, size: null })
  const rows = readHalfBlocks(drawing ?? '')
  const isDark = (row: readonly boolean[]): boolean => row.includes(true)
  const code = rows.slice(rows.findIndex(isDark), rows.findLastIndex(isDark) + 1)
  const left = code[0]?.indexOf(true) ?? 0
  expect(firstMode(code.map((row) => row.slice(left, left + code.length)))).toBe('0100')
})

test('in a terminal it fits 80 columns, black on white whatever the theme', async () => {
  const { drawing } = await drawQr(CONTENT, { colours: true, size: { columns: 80, rows: 24 } })
  for (const line of drawing?.split('\n') ?? ['nothing']) {
    expect(line.startsWith('\u001B[38;5;16;48;5;231m') && line.endsWith('\u001B[0m')).toBe(true)
    expect(withoutColours(line).length).toBeLessThanOrEqual(80)
  }
})

test.each([
  ['as wide as the drawing with its margin', 4, 0],
  ['narrower by two', 2, 0],
  ['narrower by three', 1, null],
])('in a terminal %s no line is broken', async (_width, spare, expected) => {
  const { needs: widest } = await drawQr(CONTENT, { colours: false, size: null })
  const columns = widest.columns - 4 + spare
  const { drawing, needs } = await drawQr(CONTENT, { colours: false, size: { columns, rows: 24 } })
  if (expected === null)
    expect({ drawing, needed: needs.columns }).toEqual({ drawing: null, needed: columns + 1 })
  else {
    const lines = drawing?.split('\n') ?? []
    expect(lines.map((line) => line.length)).toEqual(lines.map(() => columns))
    expect(lines).toHaveLength(needs.rows)
  }
})

test('a pairing code is shown in two groups', () => {
  expect(groupCode('ABCD1234')).toBe('ABCD-1234')
})
