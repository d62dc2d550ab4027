import { readFile } from 'node:fs/promises'

const STYLES = /css`([^`$]*)`/g

/**
 * For the browser bundles: styles inside templates are minified as style sheets are, and markup loses its indentation,
 * which means nothing to a browser.
 */
export const shortTemplates = {
  name: 'short-templates',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /[\\/]src[\\/]card[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const sheets = [...source.matchAll(STYLES)].map(([, css]) =>
        esbuild.transform(css ?? '', { loader: 'css', minify: true }),
      )
      const minified = (await Promise.all(sheets)).map(({ code }) => code.trim())
      const contents = source
        .replaceAll(STYLES, () => `css\`${(minified.shift() ?? '').replaceAll('\\', '\\\\')}\``)
        .replaceAll(/\n +/g, '\n')
      return { contents, loader: 'ts' }
    })
  },
}
