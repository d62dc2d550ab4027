import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { shortTemplates } from '../../../short-templates.mjs'

const MAX_CARD_GZIP_BYTES = 22_000
/** What a viewer needs nothing of: the daemon parses every frame before it sends it. */
const FORBIDDEN =
  /node_modules\/(zod|libphonenumber-js|@whiskeysockets|ws|pino)\/|src\/(protocol|whatsapp|simulator|control)\//

async function bundle(
  entry: string,
  external: string[] = [],
): Promise<{ inputs: string[]; gzipBytes: number }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    external,
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    plugins: [shortTemplates],
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return { inputs: Object.keys(metafile.inputs), gzipBytes: gzipSync(outputFiles[0]?.contents ?? '').length }
}

test.each(['src/card/index.ts', 'src/card/page.ts'])('%s carries no schemas and no server', async (entry) => {
  const { inputs } = await bundle(entry)
  expect(inputs).toContain('src/client/client.ts')
  expect(inputs.filter((input) => FORBIDDEN.test(input))).toEqual([])
})

test('the card stays small beside its QR library', async () => {
  const { gzipBytes } = await bundle('src/card/index.ts', ['qrcode/lib/core/qrcode.js'])
  expect(gzipBytes).toBeLessThan(MAX_CARD_GZIP_BYTES)
})
