import { expect, test } from 'vitest'
import { browserBundle } from '../../../../../src/tools/browser-bundle.mjs'
import { qrPath } from '../../../../../src/web/card/linking/qr-path.ts'
import { firstMode } from '../../../qr-mode.ts'
import { readQr } from '../../../read-qr.ts'

const LINK = `2@${'a1B2'.repeat(40)},key=,identity=,secret=`

/** The dark modules of the path, by row and column. */
function paintedModules(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x = '', y = '', width = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  return rows
}

test.each(['https://wa.me/15555550100', LINK, `2@${'Zz+/9'.repeat(60)}`])(
  'a reader of QR codes gets from the path what was drawn: %s',
  (text) => {
    const { size, path } = qrPath(text)
    expect(readQr(paintedModules(path, size))).toBe(text)
  },
)

test('four light modules are around the code, which readers need to find it', () => {
  const { size, path } = qrPath(LINK)
  const rows = paintedModules(path, size)
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [Math.min(x, y)] : [])))
  const farthest = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [Math.max(x, y)] : [])))
  expect([Math.min(...dark), Math.max(...farthest)]).toEqual([4, size - 5])
})

test('no character set is named, which not every scanner understands', () => {
  const { size, path } = qrPath(LINK)
  const code = paintedModules(path, size)
    .slice(4, -4)
    .map((row) => row.slice(4, -4))
  expect(firstMode(code)).toBe('0100')
})

test('the bundle, which leaves parts of the library out, draws the same', async () => {
  const { files } = await browserBundle({ qr: 'src/web/card/linking/qr-path.ts' })
  const code = encodeURIComponent(files.get('qr.js') ?? '')
  const bundled = (await import(`data:text/javascript,${code}`)) as { qrPath: typeof qrPath }
  for (const text of [LINK, '1234567890', 'WHATSAPP']) expect(bundled.qrPath(text)).toEqual(qrPath(text))
})
