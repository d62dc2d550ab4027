import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { browserBundle } from '../../../../src/tools/browser-bundle.mjs'

const MAX_CARD_GZIP_BYTES = 21_000
/** What a viewer needs nothing of: the daemon parses every frame before it sends it. */
const FORBIDDEN =
  /node_modules\/(zod|libphonenumber-js|@whiskeysockets|ws|pino)\/|src\/(protocol|whatsapp|simulator|control)\//

test.each(['src/web/card/index.ts', 'src/web/page/page.ts', 'src/client/index.ts'])(
  '%s carries no schemas and no server',
  async (entryPoint) => {
    const { inputs } = await browserBundle(entryPoint)
    expect(inputs).toContain('src/client/client.ts')
    expect(inputs.filter((input) => FORBIDDEN.test(input))).toEqual([])
  },
)

test('the card is at most 21 kB, gzipped, beside its QR library', async () => {
  const { code } = await browserBundle('src/web/card/index.ts', ['qrcode/lib/core/qrcode.js'])
  expect(gzipSync(code).length).toBeLessThanOrEqual(MAX_CARD_GZIP_BYTES)
})
