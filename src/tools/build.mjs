/**
 * Builds `dist/`: the daemon (Node, code-split so that `whatsappd status` never loads Baileys), the card and the client
 * (browser), and their types.
 * What stays outside the bundle: `libsignal` (GPL-3.0, kept a separate package), the native SQLite binding, and Baileys'
 * optional media helpers, which it loads only when they are installed.
 */
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { browserBundle } from './browser-bundle.mjs'
import { leanBaileys } from './lean-baileys.mjs'
import { lazyZod } from './lean-zod.mjs'
import { messageTypes } from './message-types.mjs'
import { toScripts } from './to-scripts.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

/**
 * Modules of ours that take the place of another in a file of Baileys': transactions share one context instead of leaving one
 * behind with each socket, what is unpacked is bounded, and Curve25519 is Node's own.
 */
const REPLACED_IN_BAILEYS = [
  {
    module: 'async_hooks',
    in: 'Utils/auth-utils.js',
    by: './src/transports/linked-device/signal/transaction-context.ts',
  },
  {
    module: 'zlib',
    in: 'WABinary/decode.js',
    by: './src/transports/linked-device/socket/bounded-inflate.ts',
  },
  { module: 'zlib', in: 'Utils/history.js', by: './src/transports/linked-device/socket/bounded-inflate.ts' },
  ...['Utils/crypto.js', 'Signal/Group/keyhelper.js', 'Signal/Group/sender-key-message.js'].map((file) => ({
    module: 'libsignal/src/curve.js',
    in: file,
    by: './src/transports/linked-device/signal/native-curve.ts',
  })),
]

const replacedInBaileys = {
  name: 'replaced-in-baileys',
  setup({ onResolve, onEnd }) {
    const used = new Set()
    onResolve({ filter: /^(async_hooks|zlib|libsignal\/src\/curve\.js)$/ }, ({ path, importer }) => {
      const file = importer.replaceAll('\\', '/')
      const row = REPLACED_IN_BAILEYS.find(
        (each) => each.module === path && file.endsWith(`/baileys/lib/${each.in}`),
      )
      if (row === undefined) return undefined
      used.add(row)
      return { path: fileURLToPath(new URL(`../../${row.by}`, import.meta.url)) }
    })
    onEnd(() => {
      for (const row of REPLACED_IN_BAILEYS)
        if (!used.has(row))
          throw new Error(`Baileys no longer takes ${row.module} from where it did: ${row.in}`)
    })
  },
}

/**
 * What the libraries for proxies bring along: `debug`, which prints the password of a proxy when `DEBUG` is set, and Kerberos, which
 * nothing here asks for.
 */
const quietProxies = {
  name: 'quiet-proxies',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(debug|proxy-agent-negotiate)$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/](agent-base|https-proxy-agent|socks-proxy-agent)[\\/]/.test(importer)
        ? { path, namespace: 'quiet-proxies' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'quiet-proxies' }, ({ path }) => ({
      contents:
        path === 'debug'
          ? 'export default () => () => {}'
          : "export const createNegotiateAuth = () => { throw new Error('Negotiate is not built in') }",
    }))
  },
}

/** The names of all emojis are 350 kB of objects. In the bundle they are one text, which is read when a name is first looked up. */
const lazyEmojiNames = {
  name: 'lazy-emoji-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]gemoji[\\/]index\.js$/ }, async ({ path }) => {
      const { gemoji } = await import(pathToFileURL(path).href)
      const rows = gemoji.map(({ emoji, names, description }) => ({ emoji, names, description }))
      const text = JSON.stringify(JSON.stringify(rows))
      return { contents: `export const gemoji = { *[Symbol.iterator]() { yield* JSON.parse(${text}) } }` }
    })
  },
}

/**
 * The engine for regular expressions is needed within calls that cannot wait for an import, and in few installations: it is a file of
 * its own in the program, loaded when a pattern is first read.
 */
const lazyRegexEngine = {
  name: 'lazy-regex-engine',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]mentions[\\/]regex-engine\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const lazy = source.replace("createRequire(import.meta.url)('re2js')", "$script('./regex-engine.cjs')")
      if (lazy === source) throw new Error(`${path} no longer loads re2js as it did`)
      return { contents: lazy, loader: 'ts' }
    })
  },
}

/**
 * The first lines of the program: a shell script to the system, a string and a comment to Node. Flags after `env` would
 * need its option -S, which BusyBox does not have. A small young generation keeps an idle daemon small. An ignored SIGHUP
 * (the lowest bit of SigIgn) is noted for `hang-up.ts`: Node takes every ignored signal back when it starts. Several arenas of
 * malloc (glibc) keep what one could give back; `main.ts` takes the variable out again.
 */
const PROGRAM_HEADER = `#!/bin/sh
':' //; while read -r name mask; do case $name$mask in SigIgn:*[13579bdf]) export WHATSAPPD_IGNORED_SIGHUP=1; break;; SigCgt:*) break;; esac; done 2>/dev/null </proc/$$/status
':' //; [ "$MALLOC_ARENA_MAX" ] || export MALLOC_ARENA_MAX=1 WHATSAPPD_SET_ARENA=1
':' //; exec node --max-semi-space-size=2 --v8-pool-size=1 -- "$0" "$@"
`

/** Short, because V8 keeps nothing of it: `start.cjs` loads the program. */
const firstLines = (entry) => `require('./start.cjs').start('${entry}.js')\n`

/**
 * The program begins as a script, what browsers load is made of modules. For a first file that is a module, Node prepares at each start
 * all that modules need, which nothing else does.
 */
const KINDS = { dist: 'commonjs', 'dist/browser': 'module', 'dist/types': 'module' }

const OPTIONAL_PEERS = ['sharp', 'jimp', 'link-preview-js', 'audio-decode']

await rm('dist', { recursive: true, force: true })
const { metafile } = await build({
  // The second is started by the first, in a thread of its own.
  entryPoints: { main: 'src/main.ts', 'evaluation-worker': 'src/evaluation-worker.ts' },
  outdir: 'dist/program',
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
  metafile: true,
  external: ['libsignal', '@photostructure/sqlite', ...OPTIONAL_PEERS],
  alias: { 'whatsapp-rust-bridge': './src/transports/linked-device/socket/rust-bridge.ts' },
  plugins: [
    messageTypes,
    leanBaileys,
    lazyEmojiNames,
    lazyRegexEngine,
    lazyZod,
    quietProxies,
    replacedInBaileys,
  ],
  define: { 'import.meta.url': '__url' },
})
const engine = await build({
  entryPoints: { 'regex-engine': 're2js' },
  outdir: 'dist/program',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'linked',
  metafile: true,
})
const files = await toScripts('dist/program', metafile, 'dist/program.pack')
const start = await build({
  entryPoints: ['src/start.ts'],
  outfile: 'dist/start.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { BUILD_ID: JSON.stringify(files.digest) },
  legalComments: 'linked',
  metafile: true,
})
for (const entry of ['main', 'evaluation-worker'])
  await writeFile(`dist/${entry}.js`, `${entry === 'main' ? PROGRAM_HEADER : ''}${firstLines(entry)}`)
const bundled = [metafile, start.metafile, engine.metafile]
  .flatMap(({ outputs }) => Object.values(outputs))
  .flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
await mkdir('dist/browser', { recursive: true })
for (const entryPoints of [
  {
    card: 'src/web/card/index.ts',
    conversations: 'src/web/conversations/index.ts',
    page: 'src/web/page/page.ts',
  },
  // Without a file to share: most who load the client load no element.
  { client: 'src/client/index.ts' },
]) {
  const { files, sources } = await browserBundle(entryPoints)
  bundled.push(...[...sources.values()].flat())
  for (const [name, text] of files) await writeFile(join('dist/browser', name), text)
}
await copyFile('src/web/custom-elements.json', 'dist/browser/custom-elements.json')
// Plain files, as they are: what a browser loads is what can be read.
await cp('src/web/extension', 'dist/extension', { recursive: true })
await writeFile('THIRD_PARTY_LICENSES', await thirdPartyLicenses(bundled))
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/tools/tsconfig.types.json'], {
  stdio: 'inherit',
})
// A consumer's compiler must not be asked for the sources that these were made from.
for (const entry of await readdir('dist/types', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const path = join(entry.parentPath, entry.name)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
}
for (const [directory, type] of Object.entries(KINDS))
  await writeFile(join(directory, 'package.json'), `${JSON.stringify({ type })}\n`)
await chmod('dist/main.js', 0o755)
