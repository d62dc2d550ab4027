/** What browsers load: bundled, and what several of the entry points need in files of its own, which each of them imports. */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { litWithoutPolicy } from './lit-without-policy.mjs'

const WITHOUT_DOM = fileURLToPath(new URL('../web/elements/base/without-dom.ts', import.meta.url))

/** Markup and styles stand in template literals, which a minifier must keep as they are. */
const withoutWhiteSpace = {
  name: 'without-white-space',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]web[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text
        .replaceAll(/\n\s+/g, '\n')
        .replaceAll(/\bcss`[^`]*`/g, (styles) => shortStyles(styles))
        .replaceAll(/\bhtml`\n/g, 'html`')
      return { contents, loader: 'ts' }
    })
  },
}

/** Styles without comments, and without white space where it separates nothing. */
function shortStyles(styles) {
  return styles
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*([{};,>])\s*/g, '$1')
    .replaceAll(/: /g, ':')
    .replaceAll(';}', '}')
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

const OPTIONS = {
  outdir: 'dist/browser',
  bundle: true,
  // Named for its content: a browser may keep it for ever, and never pairs one with a script of another release.
  chunkNames: 'shared-[hash]',
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'external',
}

/**
 * Scripts that are CommonJS and loaded when they are needed are bundled by themselves, into `outputs`: otherwise what makes
 * CommonJS run would be a script of its own, which every page loads.
 */
const withCommonJsApart = (outputs) => ({
  name: 'with-common-js-apart',
  setup({ onResolve }) {
    onResolve({ filter: /qr-path\.ts$/ }, async ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined
      const output = await build({
        ...OPTIONS,
        entryPoints: [join(resolveDir, path)],
        entryNames: 'shared-[hash]',
        plugins: [withoutWhiteSpace, withQrCodesOfBytes],
      })
      outputs.push(output)
      const [script] = output.outputFiles.filter((file) => file.path.endsWith('.js'))
      return { path: `./${basename(script.path)}`, external: true }
    })
  },
})

/**
 * Bundles `entryPoints` (paths by name) for browsers without writing anything. Answers with `files`, the text by name
 * (`.LEGAL.txt` are notices), and `sources`, what each of them is made of.
 */
export async function browserBundle(entryPoints) {
  const outputs = []
  outputs.push(
    await build({
      ...OPTIONS,
      entryPoints,
      splitting: true,
      inject: [WITHOUT_DOM],
      plugins: [withoutWhiteSpace, litWithoutPolicy, withCommonJsApart(outputs)],
    }),
  )
  const files = new Map(
    outputs.flatMap(({ outputFiles }) => outputFiles.map(({ path, text }) => [basename(path), text])),
  )
  const sources = new Map(
    outputs.flatMap(({ metafile }) =>
      Object.entries(metafile.outputs).map(([path, { inputs }]) => [basename(path), Object.keys(inputs)]),
    ),
  )
  return { files, sources }
}
