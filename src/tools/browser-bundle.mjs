/** What browsers load: bundled, and what several of the entry points need in files of its own, which each of them imports. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { litWithoutPolicy } from './lit-without-policy.mjs'

const WITHOUT_DOM = fileURLToPath(new URL('../web/elements/without-dom.ts', import.meta.url))

/** Markup and styles stand in template literals, whose white space a minifier must keep; ours means nothing. */
const withoutIndentation = {
  name: 'without-indentation',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]web[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: text.replaceAll(/\n\s+/g, '\n'), loader: 'ts' }
    })
  },
}

/** What `qrcode` has for text in other modes than bytes, and for the shortest mix of them: 2 kB, gzipped. A link is bytes. */
const withQrCodesOfBytes = {
  name: 'with-qr-codes-of-bytes',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]qrcode[\\/]lib[\\/]core[\\/]segments\.js$/ }, () => ({
      contents: `const ByteData = require('./byte-data')
        exports.fromArray = (segments) => segments.map(({ data }) => new ByteData(data))`,
    }))
    onLoad({ filter: /[\\/]qrcode[\\/]lib[\\/]core[\\/]regex\.js$/ }, () => ({ contents: '' }))
  },
}

/**
 * Bundles `entryPoints` (paths by name) for browsers without writing anything. Answers with `files`, the text by name
 * (`.LEGAL.txt` are notices), and `sources`, what each of them is made of.
 */
export async function browserBundle(entryPoints) {
  const { metafile, outputFiles } = await build({
    entryPoints,
    outdir: 'dist/browser',
    bundle: true,
    splitting: true,
    // Named for its content: a browser may keep it for ever, and never pairs one with a script of another release.
    chunkNames: 'shared-[hash]',
    inject: [WITHOUT_DOM],
    plugins: [withoutIndentation, withQrCodesOfBytes, litWithoutPolicy],
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'linked',
  })
  const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const sources = new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [basename(path), Object.keys(inputs)]),
  )
  return { files, sources }
}
