import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { browserBundle } from '../../../../src/tools/browser-bundle.mjs'

/** The card before it knows of an account, with Lit and the client. */
const MAX_CARD_GZIP_BYTES = 33_000
/** The card, what links, and what draws the QR code. */
const MAX_QR_GZIP_BYTES = 40_000
/** All that a card needs whose account is connected and well. */
const MAX_CONNECTED_GZIP_BYTES = 41_000
/** Of the conversations view alone: what the card has too is loaded once. */
const MAX_CONVERSATIONS_GZIP_BYTES = 35_000
/** What a viewer needs nothing of: the daemon parses every frame before it sends it. Three predicates are shared. */
const FORBIDDEN =
  /node_modules\/(zod|libphonenumber-js|@whiskeysockets|ws|pino)\/|src\/(protocol\/(?!is-record|loopback-url|text\/printable)|transports|simulator|control)\//
/** What elements are made of: `src/web/elements/shared.ts` lists it. Only the card links with a passkey, only the view moves rows. */
const MADE_OF =
  /node_modules\/(@?lit[^/]*)\/(?!directives\/repeat)|src\/(client(?!\/passkey)|web\/elements)\//
const SHARED = /^shared-[A-Z0-9]{8}\.js$/

let elements: Awaited<ReturnType<typeof browserBundle>>

beforeAll(async () => {
  elements = await browserBundle({
    card: 'src/web/card/index.ts',
    conversations: 'src/web/conversations/index.ts',
    page: 'src/web/page/page.ts',
  })
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

test('the page loads nothing but what its elements load, with everything that elements are made of', () => {
  const [, ...ofCard] = loadedBy('card.js')
  const [, ...ofConversations] = loadedBy('conversations.js')
  const [, ...ofPage] = loadedBy('page.js')
  expect(ofPage.length).toBeGreaterThan(0)
  for (const script of [...ofCard, ...ofConversations]) expect(script).toMatch(SHARED)
  const ofCardAlone = ofCard.filter((script) => !ofConversations.includes(script))
  for (const source of ofCardAlone.flatMap((script) => elements.sources.get(script) ?? []))
    expect(source).toMatch(/^src\/web\/card\//)
  expect(ofConversations).toEqual(expect.arrayContaining(ofPage))
  for (const script of ['card.js', 'conversations.js', 'page.js']) {
    const own = elements.sources.get(script) ?? []
    expect(own.length).toBeGreaterThan(0)
    expect(own.filter((source) => MADE_OF.test(source))).toEqual([])
  }
})

test('sending a template is loaded when it is needed, and has its bound, gzipped', () => {
  const name = lateScript('src/web/conversations/templates/template-parts.ts')
  expect(loadedBy('conversations.js')).toEqual(expect.arrayContaining(loadedBy(name).slice(1)))
  expect(gzippedBytes([name])).toBeLessThanOrEqual(3_000)
})

/** The script that is loaded later and is made of `source`. */
function lateScript(source: string): string {
  const scripts = [...elements.files.values()].join('\n')
  const later = [...scripts.matchAll(/import\("\.\/([^"]+)"\)/g)].map(([, name = '']) => name)
  const found = later.filter((name) => elements.sources.get(name)?.includes(source))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

function gzippedBytes(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + gzipSync(elements.files.get(name) ?? '').length, 0)
}

/** The card with late parts of it, by the source that each of them begins with. */
function cardWith(...parts: string[]): string[] {
  const late = parts.map((part) => lateScript(`src/web/card/${part}`))
  return [...new Set(['card.js', ...late].flatMap((name) => loadedBy(name)))]
}

test('what the card loads at first is at most 33 kB, gzipped, with Lit', () => {
  expect(gzippedBytes(loadedBy('card.js'))).toBeLessThanOrEqual(MAX_CARD_GZIP_BYTES)
})

test('the card with what a QR code needs is at most 40 kB, gzipped, and nothing of passkeys and editing', () => {
  const scripts = cardWith('linking/linking-parts.ts', 'linking/qr-path.ts')
  const sources = scripts.flatMap((name) => elements.sources.get(name) ?? [])
  expect(sources).toContain('src/web/card/linking/link-panel.ts')
  expect(sources.filter((source) => /card\/(attention|editing|passkey)\//.test(source))).toEqual([])
  expect(gzippedBytes(scripts)).toBeLessThanOrEqual(MAX_QR_GZIP_BYTES)
})

test('the card of an account that is connected and well is at most 41 kB, gzipped', () => {
  expect(gzippedBytes(cardWith('account/account-parts.ts'))).toBeLessThanOrEqual(MAX_CONNECTED_GZIP_BYTES)
})

test('the conversations view adds at most 35 kB, gzipped, to what the card loads', () => {
  const ofCard = loadedBy('card.js')
  const own = loadedBy('conversations.js').filter((name) => !ofCard.includes(name))
  expect(gzippedBytes(own)).toBeLessThanOrEqual(MAX_CONVERSATIONS_GZIP_BYTES)
})

test.each([
  ['stands around the status', 'src/web/card/account/account-parts.ts', 6_500],
  ['draws QR codes', 'src/web/card/linking/qr-path.ts', 7_000],
  ['links', 'src/web/card/linking/linking-parts.ts', 2_500],
  ['links with a passkey', 'src/web/card/passkey/passkey-parts.ts', 4_000],
  ['waits for a person', 'src/web/card/attention/attention-parts.ts', 4_500],
  ['edits numbers and settings', 'src/web/card/editing/editing-parts.ts', 6_500],
  ['Business numbers need', 'src/web/card/business/business-parts.ts', 5_500],
])('what %s is loaded when it is needed, and has its bound, gzipped', (_what, source, bound) => {
  const name = lateScript(source)
  expect(name).toMatch(SHARED)
  // Beside the script itself only what the card of an account has loaded before.
  expect(cardWith('account/account-parts.ts')).toEqual(expect.arrayContaining(loadedBy(name).slice(1)))
  expect(gzippedBytes([name])).toBeLessThanOrEqual(bound)
})

// A third of it are the sentences that say why there is no connection.
test('the client is one file, and at most 6.2 kB, gzipped', async () => {
  const { files } = await browserBundle({ client: 'src/client/index.ts' })
  expect([...files.keys()]).toEqual(['client.js'])
  expect(gzipSync(files.get('client.js') ?? '').length).toBeLessThanOrEqual(6_200)
})
