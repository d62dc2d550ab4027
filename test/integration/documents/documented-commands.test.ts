/**
 * People copy commands out of the documents. Each block of commands is run here, as it stands, or by a test that is named here; or the page
 * says for everybody to see that our tests do not run it, and why.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocumentedWorld } from './documented-world.ts'
import { shellBlocks } from './shell-blocks.ts'

const ROOT = join(import.meta.dirname, '../../..')
const START_LIMIT_MS = 180_000

interface Run {
  /** What its output must hold. */
  shows?: RegExp
  /** It stays until it is ended: it is ended when it has said this. */
  staysAndSays?: RegExp
}

/** By page and the beginning of the block: what is run here. */
const RUN: readonly (readonly [page: string, begins: string, run: Run])[] = [
  ['docs/doctor.md', 'whatsappd doctor', { shows: /"config\.file"/ }],
  ['docs/protocol.md', 'curl -s http://127.0.0.1:8765/livez', { shows: /"link":|"url":/ }],
  ['docs/security.md', 'openssl genpkey', {}],
  ['docs/sending.md', 'whatsappd send', { shows: /sent|queued|delivered/i }],
  ['docs/sending.md', 'curl -s -X POST', { shows: /"state":"(?:queued|sent)"/ }],
  ['docs/sending.md', 'whatsappd token', { shows: /^ey/m }],
  ['docs/storage.md', 'whatsappd backup', { shows: /copied to/ }],
  ['docs/testing.md', 'whatsappd demo --api', { staysAndSays: /api {5}http/ }],
  ['docs/testing.md', 'curl -s -H', { shows: /Hello\?|"id":/ }],
  ['docs/tutorials/single-user.md', 'cat > ~/sandbox.config.json5', {}],
  ['docs/tutorials/single-user.md', 'cd ~ && whatsappd doctor', { shows: /config\.file/ }],
  ['docs/tutorials/single-user.md', 'whatsappd backup', { shows: /copied to/ }],
  ['docs/tutorials/dashboard-team.md', 'whatsappd demo --api', { staysAndSays: /api {5}http/ }],
  ['docs/tutorials/dashboard-team.md', 'openssl genpkey', {}],
  ['docs/tutorials/dashboard-team.md', 'curl -s -H', { shows: /"phones":/ }],
  ['docs/tutorials/operator.md', 'export WHATSAPPD_STATE_DIR', {}],
  ['docs/tutorials/operator.md', 'whatsappd doctor', { shows: /"config\.file"/ }],
  ['docs/tutorials/operator.md', 'curl -s http://127.0.0.1:8765/livez', { shows: /ok|alive|live/i }],
  ['docs/tutorials/operator.md', 'whatsappd status', { shows: /connected/ }],
  ['docs/tutorials/operator.md', 'whatsappd backup', { shows: /copied to/ }],
]

/** By page and the beginning of the block: the test that runs it, which names the page or the command. */
const ELSEWHERE: readonly (readonly [page: string, begins: string, test: string, names: string])[] = [
  ['README.md', '$ make demo', 'test/integration/commands-demo.test.ts', "'demo'"],
  [
    'docs/agents.md',
    'curl -s -X POST http://127.0.0.1:8765/v1/turns',
    'test/integration/webhook-agent.test.ts',
    '/v1/turns/',
  ],
  ['docs/debugging.md', 'DB=', 'test/unit/tools/debugging-queries.test.ts', 'debugging.md'],
  ['docs/debugging.md', 'sqlite3 -readonly', 'test/unit/tools/debugging-queries.test.ts', 'debugging.md'],
  ['docs/debugging.md', 'node -e', 'test/unit/tools/debugging-queries.test.ts', 'debugging.md'],
  ['docs/debugging.md', 'ID=', 'test/unit/tools/debugging-queries.test.ts', 'debugging.md'],
  [
    'docs/debugging.md',
    'curl -s http://127.0.0.1:8765/simulator',
    'test/integration/simulator-http-face.test.ts',
    '/simulator',
  ],
  ['docs/import.md', 'whatsappd import', 'test/integration/commands-import.test.ts', "'import'"],
  ...['install -d -m 0700', 'gocryptfs -passfile', 'fusermount -u'].map(
    (begins) =>
      ['docs/security.md', begins, 'test/integration/encrypted-volume.test.ts', `'${begins}'`] as const,
  ),
  ['docs/sending.md', 'whatsappd templates', 'test/integration/business/commands.test.ts', 'templates'],
  ['docs/storage.md', '# stop the daemon', 'test/integration/backup.test.ts', "'restore'"],
  ['docs/webhooks.md', 'whatsappd webhooks list', 'test/integration/webhooks-command.test.ts', "'webhooks'"],
]

const blocks = shellBlocks()
const toRun = blocks.filter(({ excuse }) => excuse === null)
const isThat =
  (page: string, begins: string) =>
  (block: { page: string; text: string }): boolean =>
    block.page === page && block.text.startsWith(begins)

describe('the blocks of commands in the documents', () => {
  it('are found', () => {
    expect(blocks.length).toBeGreaterThan(30)
  })

  it('are run by a test, or say why not', () => {
    const known = [...RUN, ...ELSEWHERE]
    const left = toRun.filter((block) => !known.some(([page, begins]) => isThat(page, begins)(block)))
    expect(left.map(({ place, text }) => `${place} ${text.split('\n')[0]}`)).toEqual([])
  })

  it.each(ELSEWHERE)('%s, %s: by %s', (page, begins, test, names) => {
    expect(toRun.some(isThat(page, begins))).toBe(true)
    expect(readFileSync(join(ROOT, test), 'utf8')).toContain(names)
  })
})

describe('as they stand, beside a daemon that is linked', () => {
  let world: DocumentedWorld
  beforeAll(async () => {
    world = await DocumentedWorld.start()
  }, START_LIMIT_MS)
  afterAll(() => world.stop())

  it.each(RUN)('%s, %s', async (page, begins, { shows, staysAndSays }) => {
    const found = toRun.filter(isThat(page, begins))
    expect(found.map(({ place }) => place)).not.toEqual([])
    for (const { text } of found) {
      const result = await world.run(page, text, staysAndSays)
      expect(staysAndSays === undefined ? result : { ...result, code: 0 }).toMatchObject({ code: 0 })
      expect(result.output).toMatch(shows ?? staysAndSays ?? /^/)
    }
  })
})
