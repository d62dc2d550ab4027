import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { InstalledPackage } from '../support/installed-package.ts'

// An empty folder with the packed package and what it depends on, and nothing else that this repository has.

const REPOSITORY = join(import.meta.dirname, '../..')
const OWN_MODULES = join(REPOSITORY, 'node_modules')
/** What Baileys loads only where it is installed. */
const OPTIONAL = ['sharp', 'jimp', 'link-preview-js', 'audio-decode']
/** What the build leaves out. */
const LEFT_OUT = ['debug', 'proxy-agent-negotiate']
const TYPESCRIPT = join(OWN_MODULES, 'typescript/bin/tsc')

let folder: string
let program: string
let product: InstalledPackage

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whatsappd-package-'))
  product = new InstalledPackage(folder)
  program = product.program
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every package of which a file is in a bundle, by its directory; found by bundling once more, for Node or for browsers. */
async function bundledPackages(platform: 'node' | 'browser', entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints,
    outdir: join(folder, 'bundled'),
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform,
    external: ['libsignal', '@photostructure/sqlite', ...OPTIONAL, ...LEFT_OUT],
    alias: { 'whatsapp-rust-bridge': './src/transports/linked-device/socket/rust-bridge.ts' },
    logLevel: 'silent',
  })
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
      const directory = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
      return bytesInOutput > 0 && directory !== undefined ? [directory] : []
    }),
  )
}

// Bundled code brings the duty to pass its notice on, which whoever installs the package finds nowhere else.
it('holds the licence of every package that is bundled in it', async () => {
  const notices = readFileSync(join(folder, 'node_modules/whatsappd/THIRD_PARTY_LICENSES'), 'utf8')
  const directories = new Set([
    ...(await bundledPackages('node', ['src/main.ts', 'src/evaluation-worker.ts'])),
    ...(await bundledPackages('browser', [
      'src/web/card/index.ts',
      'src/web/conversations/index.ts',
      'src/web/page/page.ts',
      'src/client/index.ts',
    ])),
  ])
  expect(directories.size).toBeGreaterThan(50)
  for (const directory of directories) {
    const path = join(REPOSITORY, directory)
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<
      string,
      string
    >
    const [, section = ''] = notices.split(`\n${name} ${version} (${license})\n`)
    const [text = ''] = section.split(`\n${'#'.repeat(80)}\n`)
    expect(text, directory).toMatch(/warrant/i)
    for (const file of readdirSync(path).filter((file) => /^licen[cs]e/i.test(file)))
      expect(text).toContain(readFileSync(join(path, file), 'utf8').trim())
  }
})

it('describes its elements where editors look for it, by scripts that are there', () => {
  const installed = join(folder, 'node_modules/whatsappd')
  const { customElements, exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    customElements: string
    exports: Record<string, string>
  }
  expect(exports['./custom-elements.json']).toBe(`./${customElements}`)
  const { modules } = JSON.parse(readFileSync(join(installed, customElements), 'utf8')) as {
    modules: { path: string }[]
  }
  expect(modules.map(({ path }) => path)).not.toEqual([])
  for (const { path } of modules) expect(existsSync(join(installed, path)), path).toBe(true)
})

// Without one npm would compile SQLite, which needs Python and a compiler that an image of Alpine does not have.
it('brings SQLite for glibc and for musl', () => {
  for (const cpu of ['x64', 'arm64']) {
    const builds = readdirSync(join(folder, 'node_modules/@photostructure/sqlite/prebuilds', `linux-${cpu}`))
    for (const libc of ['glibc', 'musl'])
      expect(
        builds.filter((name) => name.endsWith(`.${libc}.node`)),
        `${cpu} ${libc}`,
      ).toHaveLength(1)
  }
})

it('runs its command', () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    version: string
  }
  expect(execFileSync(program, ['--version'], { cwd: folder, encoding: 'utf8' }).trim()).toBe(version)
})

it('runs the demo: page, card and phones', async () => {
  const command = new CommandLine(['demo', '--port', '0'], {}, program)
  try {
    const [, link = ''] = await command.waitFor(/page {4}(\S+)/)
    const { origin } = new URL(link)
    expect(await (await fetch(origin)).text()).toContain('<simulated-phone>')
    const card = await (await fetch(`${origin}/card.js`)).text()
    const [, shared = 'the card imports nothing'] = /"\.(\/shared-\w+\.js)"/.exec(card) ?? []
    expect((await fetch(`${origin}${shared}`)).status).toBe(200)
    expect((await fetch(`${origin}/simulator/state`)).status).toBe(200)
    await command.waitFor(/default: unlinked/)
    command.signal('SIGTERM')
    expect(await command.exit).toBe(0)
    expect(command.stderr).not.toMatch(/^\s+at /m)
  } finally {
    await command.end()
  }
})

it('brings the client to Node, and the card to a server that renders pages', () => {
  const script = `
    import { WhatsappCard } from 'whatsappd/card'
    import { RequestError, WhatsappdClient } from 'whatsappd/client'
    const client = new WhatsappdClient({ url: 'ws://127.0.0.1:9/v1/ws', token: '', WebSocket: class {
      constructor() { throw new Error('no way') }
    }, reconnect: false })
    const error = await client.connect().catch((error) => error)
    console.log(error instanceof RequestError, client.state, typeof WhatsappCard)
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(output.trim()).toBe('true unauthorized function')
})

const CONSUMER = `
  import { RequestError, WhatsappdClient } from 'whatsappd/client'
  import type { AccountView, ClientState } from 'whatsappd/client'
  import { WhatsappCard } from 'whatsappd/card'
  import type { CardStrings, CardText, CardToken } from 'whatsappd/card'

  const token: CardToken = async () => 'token'
  const text: CardText = 'Generate QR code'
  const strings: CardStrings = { [text]: 'QR-Code erzeugen', not_linked: 'Nicht verbunden.' }
  const card: WhatsappCard = document.createElement('whatsapp-card')
  Object.assign(card, { token, strings })
  card.url = 'wss://sandbox.example/v1/ws'

  export async function states(): Promise<AccountView['state'][]> {
    const client = new WhatsappdClient({ url: card.url ?? '', token })
    client.on('account.qr', ({ qr, expiresAt }) => console.log(qr.length, expiresAt))
    client.on('state', ({ state }: { state: ClientState }) => console.log(state))
    // @ts-expect-error: there is no such method
    await client.request('accounts.unknown', {}).catch((error) => error instanceof RequestError && error.code)
    // @ts-expect-error: the method has no such parameter
    await client.request('accounts.list', { some: 'thing' })
    const { accounts } = await client.request('accounts.list', {})
    return accounts.map(({ state }) => state)
  }
`

it.each([
  ['bundler', 'esnext'],
  ['node16', 'node16'],
])('type-checks for a consumer with the resolution of %s', (moduleResolution, module) => {
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER)
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  expect(compile()).toBe('')
})

const WITHOUT_DOM = `
  import { RequestError, WhatsappdClient } from 'whatsappd/client'
  import type { ClientState, ClientWebSocketConstructor, WhatsappdClientOptions } from 'whatsappd/client'

  export async function states(WebSocket: ClientWebSocketConstructor): Promise<ClientState> {
    const fetch: NonNullable<WhatsappdClientOptions['fetch']> = async (address) => ({ ok: address !== '', text: async () => '' })
    const client = new WhatsappdClient({ url: 'ws://127.0.0.1:8765/v1/ws', token: async () => 'token', WebSocket, fetch })
    client.on('state', ({ error }) => error instanceof RequestError && error.cause)
    // @ts-expect-error: a time is a number
    await client.connect({ timeoutMs: '5s' })
    return client.state
  }
`

// A backend has no DOM, and its compiler knew neither Response nor RequestInit.
it.each([
  ['Node', ['node']],
  ['nothing but the language', []],
])('type-checks without DOM, for a program that knows %s', (_what, types) => {
  writeFileSync(join(folder, 'consumer.ts'), WITHOUT_DOM)
  for (const name of ['@types/node', 'undici-types']) product.add(name)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  const complaints = compile().split('\n').filter(Boolean)
  // The types of zod name URL, which Node's own types declare.
  expect(
    types.length > 0 ? complaints : complaints.filter((line) => !line.includes('node_modules/zod/')),
  ).toEqual([])
})

/** What the compiler complains of. */
function compile(): string {
  try {
    return execFileSync(process.execPath, [TYPESCRIPT, '-p', folder], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    return String(Reflect.get(Object(error), 'stdout'))
  }
}

// A person loads it into a browser as it is, and may read what it does.
it('holds the browser extension, file by file as it is written, without permissions', () => {
  const [shipped, written] = [
    join(folder, 'node_modules/whatsappd/dist/extension'),
    join(REPOSITORY, 'src/web/extension'),
  ]
  expect(readdirSync(shipped).toSorted()).toEqual(['manifest.json', 'panel.js', 'sign.js'])
  for (const name of readdirSync(shipped))
    expect(readFileSync(join(shipped, name), 'utf8')).toBe(readFileSync(join(written, name), 'utf8'))
  const manifest: object = JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8'))
  for (const key of ['permissions', 'host_permissions', 'background', 'externally_connectable'])
    expect(manifest).not.toHaveProperty(key)
})

// Preparing modules takes a fifth of the time in which Node starts, and nothing else of the daemon needs it.
it('begins as a script, without what Node loads for modules', () => {
  const report = join(folder, 'report.cjs')
  const loaded = join(folder, 'loaded.txt')
  writeFileSync(
    report,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(loaded)}, process.moduleLoadList.join('\\n')))`,
  )
  const main = join(folder, 'node_modules/whatsappd/dist/main.js')
  const version = execFileSync(process.execPath, ['--require', report, main, '--version'], {
    encoding: 'utf8',
  })
  expect(version.trim()).toMatch(/^\d+\.\d+\.\d+/)
  const modules = readFileSync(loaded, 'utf8')
  expect(modules).toContain('NativeModule internal/modules/cjs/loader')
  expect(modules).not.toContain('NativeModule internal/modules/esm/module_job')
})
