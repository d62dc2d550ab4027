import { expect, test } from 'vitest'
import { create } from 'qrcode'
import { qrPath } from '../../../../../src/web/card/parts/qr.ts'

const LINK = `2@${'a1B2'.repeat(40)},key=,identity=,secret=`

test('the path paints exactly the dark modules, inside a quiet zone of four', () => {
  const { modules } = create(LINK, { errorCorrectionLevel: 'L' })
  const { size, path } = qrPath(LINK)
  expect(size).toBe(modules.size + 8)
  const painted = new Set<string>()
  for (const [, x = '', y = '', width = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(width); step++) painted.add(`${Number(x) + step - 4},${Number(y) - 4}`)
  }
  const dark = new Set<string>()
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) dark.add(`${column},${row}`)
    }
  }
  expect(painted).toEqual(dark)
})
