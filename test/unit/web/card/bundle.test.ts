import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { browserBundle } from '../../../../src/tools/browser-bundle.mjs'

const MAX_CARD_GZIP_BYTES = 40_000
/** What a viewer needs nothing of: the daemon parses every frame before it sends it. Two predicates are shared. */
const FORBIDDEN =
  /node_modules\/(zod|libphonenumber-js|@whiskeysockets|ws|pino)\/|src\/(protocol\/(?!is-record|loopback-url)|transports|simulator|control)\//
/** What elements are made of: `src/web/elements/shared.ts` lists it. Only the card links with a passkey. */
const MADE_OF = /node_modules\/(@?lit[^/]*)\/|src\/(client(?!\/passkey)|web\/elements)\//
const SHARED = /^shared-[A-Z0-9]{8}\.js$/

let elements: Awaited<ReturnType<typeof browserBundle>>

beforeAll(async () => {
  elements = await browserBundle({ card: 'src/web/card/index.ts', page: 'src/web/page/page.ts' })
})

/** `name` and the scripts that it imports, all of which a browser loads. */
function loadedBy(name: string): string[] {
  const code = elements.files.get(name) ?? ''
  return [name, ...[...code.matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(([, imported = '']) => imported)]
}

test('no script carries schemas or a server', async () => {
  const client = await browserBundle({ client: 'src/client/index.ts' })
  for (const bundle of [elements, client]) {
    const inputs = [...bundle.sources.values()].flat()
    expect(inputs).toContain('src/client/client.ts')
    expect(inputs.filter((input) => FORBIDDEN.test(input))).toEqual([])
  }
})

test('the page loads nothing but what the card loads, with everything that elements are made of', () => {
  const [, ...ofCard] = loadedBy('card.js')
  const [, ...ofPage] = loadedBy('page.js')
  expect(ofPage.length).toBeGreaterThan(0)
  for (const script of ofCard) expect(script).toMatch(SHARED)
  expect(ofCard).toEqual(expect.arrayContaining(ofPage))
  for (const script of ['card.js', 'page.js']) {
    const own = elements.sources.get(script) ?? []
    expect(own.length).toBeGreaterThan(0)
    expect(own.filter((source) => MADE_OF.test(source))).toEqual([])
  }
})

test('all that the card loads at first is at most 40 kB, gzipped, with Lit', () => {
  const sizes = loadedBy('card.js').map((name) => gzipSync(elements.files.get(name) ?? '').length)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(MAX_CARD_GZIP_BYTES)
})

test.each([
  ['draws QR codes', 'src/web/card/linking/qr-path.ts', 7_000],
  ['links', 'src/web/card/linking/linking-parts.ts', 8_000],
  ['edits numbers and settings', 'src/web/card/editing/editing-parts.ts', 6_000],
])('what %s is loaded when it is needed, and has its bound, gzipped', (_what, source, bound) => {
  const scripts = [...elements.files.values()].join('\n')
  const later = [...scripts.matchAll(/import\("\.\/([^"]+)"\)/g)].map(([, name = '']) => name)
  const found = later.filter((name) => elements.sources.get(name)?.includes(source))
  expect(found).toHaveLength(1)
  for (const name of found) {
    expect(name).toMatch(SHARED)
    expect(gzipSync(elements.files.get(name) ?? '').length).toBeLessThanOrEqual(bound)
  }
})

// A third of it are the sentences that say why there is no connection.
test('the client is one file, and at most 6.2 kB, gzipped', async () => {
  const { files } = await browserBundle({ client: 'src/client/index.ts' })
  expect([...files.keys()]).toEqual(['client.js'])
  expect(gzipSync(files.get('client.js') ?? '').length).toBeLessThanOrEqual(6_200)
})
