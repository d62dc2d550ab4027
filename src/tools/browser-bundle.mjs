/** What browsers load: bundled, and as small as it gets without touching what it does. */
import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { minify } from 'terser'

const STYLES = /css`([^`$]*)`/g

/** Styles in templates are minified as style sheets are; markup loses its indentation, which browsers ignore. */
const shortTemplates = {
  name: 'short-templates',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /[\\/]src[\\/]web[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const sheets = [...source.matchAll(STYLES)].map(([, css]) =>
        esbuild.transform(css ?? '', { loader: 'css', minify: true }),
      )
      const minified = (await Promise.all(sheets)).map(({ code }) =>
        // Which it leaves in the values of custom properties.
        code.trim().replaceAll(/([,:]) /g, '$1'),
      )
      const contents = source
        .replaceAll(STYLES, () => `css\`${(minified.shift() ?? '').replaceAll('\\', '\\\\')}\``)
        .replaceAll(/\n +/g, '\n')
      return { contents, loader: 'ts' }
    })
  },
}

/**
 * Bundles `entryPoint` for browsers without writing it. Answers with the code, the licences of what is inside, and which files
 * are. `external` stays an import.
 */
export async function browserBundle(entryPoint, external = []) {
  const { metafile, outputFiles } = await build({
    entryPoints: [entryPoint],
    outdir: 'dist/browser',
    external,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'linked',
    plugins: [shortTemplates],
  })
  const textOf = (extension) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
  const { code = '' } = await minify(textOf('.js'), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true },
    format: { comments: /^!|For license information/ },
  })
  // What is left of line ends is in templates, where a space does the same and is packed better.
  return { code: code.replaceAll('\n', ' '), licences: textOf('.txt'), inputs: Object.keys(metafile.inputs) }
}
