import qrcode from 'qrcode'
import { expect, test } from 'vitest'
import { drawQr, groupCode } from '../../../src/commands/terminal-qr.ts'

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

test('without colours every module of the code is drawn', async () => {
  const { modules } = qrcode.create(CONTENT, { errorCorrectionLevel: 'L' })
  const rows = readHalfBlocks(await drawQr(CONTENT, { colours: false }))
  const margin = 2
  for (let row = 0; row < modules.size; row++) {
    const drawn = Array.from(
      { length: modules.size },
      (_none, column) => rows[row + margin]?.[column + margin],
    )
    const wanted = Array.from({ length: modules.size }, (_none, column) => modules.get(row, column) === 1)
    expect(drawn).toEqual(wanted)
  }
})

test('in a terminal it is small enough for 80 columns, dark on light whatever the theme', async () => {
  const drawing = await drawQr(CONTENT, { colours: true })
  // eslint-disable-next-line no-control-regex
  const visible = drawing.replaceAll(/\u001B\[[\d;]*m/g, '').split('\n')
  expect(drawing).toContain('\u001B[')
  expect(Math.max(...visible.map((line) => line.length))).toBeLessThanOrEqual(80)
})

test('a pairing code is shown in two groups', () => {
  expect(groupCode('ABCD1234')).toBe('ABCD-1234')
})
