/**
 * Builds `dist/`: the daemon (Node, code-split so that `whatsappd status` never loads Baileys) and the card (browser).
 * What stays outside the bundle: `libsignal` (GPL-3.0, kept a separate package), the native SQLite binding, and Baileys'
 * optional media helpers, which it loads only when they are installed.
 */
import { chmod, rm } from 'node:fs/promises'
import { build } from 'esbuild'

const OPTIONAL_PEERS = ['sharp', 'jimp', 'link-preview-js', 'audio-decode']

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  sourcemap: false,
  legalComments: 'linked',
  external: ['libsignal', '@photostructure/sqlite', ...OPTIONAL_PEERS],
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module'",
      "import { fileURLToPath as __fileURLToPath } from 'node:url'",
      'const require = __createRequire(import.meta.url)',
      'const __filename = __fileURLToPath(import.meta.url)',
      "const __dirname = __fileURLToPath(new URL('.', import.meta.url))",
    ].join('\n'),
  },
})
await build({
  entryPoints: { card: 'src/card/index.ts', page: 'src/card/page.ts' },
  outdir: 'dist/browser',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'linked',
})
await chmod('dist/main.js', 0o755)
