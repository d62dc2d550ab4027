import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { type AdoptOutcome, MediaFiles } from '../../../../src/conversations/media/media-files.ts'
import { MediaStore } from '../../../../src/conversations/media/media-store.ts'
import { CommitGroup } from '../../../../src/conversations/store/commit-group.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { withFileSizeLimit } from '../../../support/file-size-limit.ts'

const MEGABYTE = 1_000_000
const DAY_MS = 86_400_000
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('MediaFiles', () => {
  let home: string
  let directory: string
  let database: Database
  let store: MediaStore
  let files: MediaFiles
  let config = { mediaMaxMb: 50, media: { keepDays: 30, maxDiskMb: 100 } }
  let now = new Date('2026-06-01T12:00:00Z')

  const create = (): MediaFiles => {
    const commits = new CommitGroup(database, () => undefined)
    const logger = pino({ level: 'silent' })
    return new MediaFiles({ store, directory, commits, config: () => config, logger, now: () => now })
  }
  const about = { name: null, mimeType: null }
  const adopted = async (data: Uint8Array): Promise<Extract<AdoptOutcome, { outcome: 'stored' }>> => {
    const outcome = await files.adopt({ data }, about)
    if (outcome.outcome !== 'stored') throw new Error(outcome.message)
    return outcome
  }
  /** A file that went out: nothing waits for it. */
  const sent = async (data: Uint8Array): Promise<Extract<AdoptOutcome, { outcome: 'stored' }>> => {
    const file = await adopted(data)
    queue(file.id, 'acknowledged')
    return file
  }
  const kept = (): string[] =>
    existsSync(directory) ? readdirSync(directory).filter((name) => name !== '.gitignore') : []
  const queue = (id: string, state: string): void =>
    database.transaction(() => {
      database
        .prepare(
          `INSERT INTO outbox (conversation, message_id, kind, chat, text, prefix_length, attempts, state, after_inbox, queued_at)
           VALUES (1, ?1, 'reply', 'x', 'x', 0, 0, ?2, 0, 0)`,
        )
        .run(`OUT${id}`, state)
      files.keepFor(id, `OUT${id}`)
    })

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'media-'))
    directory = join(home, 'media')
    database = Database.open(join(home, 'account.db'), ACCOUNT_MIGRATIONS)
    store = new MediaStore(database)
    config = { mediaMaxMb: 50, media: { keepDays: 30, maxDiskMb: 100 } }
    now = new Date('2026-06-01T12:00:00Z')
    files = create()
    onTestFinished(() => {
      database.close()
      rmSync(home, { recursive: true, force: true })
    })
  })

  it('keeps a file under a name of its own, for this user alone, and knows what it is', async () => {
    const file = await adopted(PNG)
    expect(file).toMatchObject({
      type: 'image/png',
      size: PNG.length,
      sha256: createHash('sha256').update(PNG).digest('hex'),
      path: join(directory, `${file.id}.png`),
    })
    expect(readFileSync(file.path)).toEqual(PNG)
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(files.pathOf(file.id)).toBe(file.path)
  })

  it('takes a file by its path or its handle, also one of several pieces', async () => {
    const bytes = Buffer.alloc(700_000, 'piece ')
    const path = join(home, 'given')
    writeFileSync(path, bytes)
    const handle = await open(path)
    for (const source of [{ path }, { handle }]) {
      const outcome = await files.adopt(source, about)
      expect(outcome).toMatchObject({ outcome: 'stored', type: 'text/plain', size: 700_000 })
      expect(outcome.outcome === 'stored' && readFileSync(outcome.path).equals(bytes)).toBe(true)
    }
    await handle.close()
  })

  it('refuses what is no file, a link, and what is too large, and leaves nothing behind', async () => {
    const path = join(home, 'given')
    writeFileSync(path, 'words')
    symlinkSync(path, join(home, 'link'))
    config = { ...config, mediaMaxMb: 0.000_01 }
    const refused = await Promise.all(
      [{ path: join(home, 'link') }, { path: home }, { path: join(home, 'missing') }].map((source) =>
        files.adopt(source, about),
      ),
    )
    expect(refused.map((each) => each.outcome === 'failed' && each.code)).toEqual([
      'refused',
      'refused',
      'refused',
    ])
    const large = await files.adopt({ data: Buffer.alloc(11) }, about)
    expect(large).toMatchObject({ code: 'too_large', message: 'The file is larger than 0.00001 MB.' })
    expect(await files.adopt({ data: Buffer.alloc(9) }, { ...about, maxBytes: 8 })).toMatchObject({
      code: 'too_large',
    })
    expect(kept()).toEqual([])
  })

  it.each<[change: string, change: (path: string) => void]>([
    ['shorter', (path) => truncateSync(path, 1_000)],
    ['longer', (path) => appendFileSync(path, 'more')],
    ['another of the same length', (path) => writeFileSync(path, Buffer.alloc(40_000_000, 2))],
  ])('refuses a file that becomes %s while it is read, and keeps nothing of it', async (_what, change) => {
    const path = join(home, 'given')
    writeFileSync(path, Buffer.alloc(40_000_000, 1))
    utimesSync(path, 1, 1)
    const given = files.adopt({ path }, about)
    await expect.poll(() => kept().length, { interval: 1 }).toBe(1)
    change(path)
    expect(await given).toMatchObject({ outcome: 'failed', code: 'damaged' })
    expect(kept()).toEqual([])
  })

  it('says that there is no room where the disk refuses a write, and keeps nothing of the file', async () => {
    const data = Buffer.alloc(2_000_000)
    await withFileSizeLimit(1_000_000, async () => {
      expect(await files.adopt({ data }, about)).toMatchObject({ outcome: 'failed', code: 'no_space' })
    })
    expect(kept()).toEqual([])
    expect(await files.adopt({ data }, about)).toMatchObject({ outcome: 'stored' })
  })

  it('makes room by deleting the oldest files that nothing waits for', async () => {
    config = { ...config, media: { ...config.media, maxDiskMb: 3 } }
    const queued = await adopted(Buffer.alloc(MEGABYTE))
    queue(queued.id, 'queued')
    const [old, newer] = [await sent(Buffer.alloc(MEGABYTE)), await sent(Buffer.alloc(MEGABYTE))]
    const latest = await sent(Buffer.alloc(MEGABYTE))
    expect([queued, old, newer, latest].map(({ id }) => files.pathOf(id) !== null)).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect(existsSync(old.path)).toBe(false)
    expect(store.find(old.id)?.state).toBe('expired')
  })

  it('takes no file while everything that is stored is still needed', async () => {
    config = { ...config, media: { ...config.media, maxDiskMb: 1 } }
    queue((await adopted(Buffer.alloc(MEGABYTE))).id, 'queued')
    expect(await files.adopt({ data: Buffer.alloc(1) }, about)).toMatchObject({ code: 'no_space' })
  })

  it('deletes a file when its days are over, unless something waits for it', async () => {
    const [done, queued] = [await sent(PNG), await adopted(PNG)]
    queue(queued.id, 'queued')
    now = new Date(now.getTime() + 30 * DAY_MS + 1)
    await files.prune()
    expect([done, queued].map(({ path }) => existsSync(path))).toEqual([false, true])
  })

  it('looks for old files in a later turn of the event loop, and no more once the account is closed', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    const file = await sent(PNG)
    now = new Date(now.getTime() + 30 * DAY_MS + 1)
    const pruning = files.prune()
    expect(store.find(file.id)?.state).toBe('stored')
    await pruning
    expect(store.find(file.id)?.state).toBe('expired')
    const commits = new CommitGroup(database, () => undefined)
    const closed = new MediaFiles({ store, directory, commits, config: () => config, logger, now: () => now })
    const late = closed.prune()
    database.close()
    await late
    expect(lines).toEqual([])
  })

  it('deletes the file of a reply that is forgotten', async () => {
    const file = await sent(PNG)
    database.transaction(() => database.prepare('DELETE FROM outbox').run())
    await files.prune()
    expect(existsSync(file.path)).toBe(false)
    expect(store.find(file.id)).toBeUndefined()
  })

  it('cleans up after a crash: half-written files, files without a row, rows without a file', async () => {
    const [kept, lost, unclaimed] = [await sent(PNG), await sent(PNG), await adopted(PNG)]
    rmSync(lost.path)
    const half = join(directory, 'a'.repeat(32))
    writeFileSync(half, 'half')
    writeFileSync(join(directory, `${'b'.repeat(32)}.png`), PNG)
    writeFileSync(join(directory, 'note.txt'), 'of the owner of the machine')
    files = create()
    await files.repair()
    expect(readdirSync(directory).toSorted()).toEqual(['.gitignore', `${kept.id}.png`, 'note.txt'].toSorted())
    expect(store.find(lost.id)?.state).toBe('expired')
    expect(store.find(unclaimed.id)).toBeUndefined()
  })

  it('removes a file with its row', async () => {
    const file = await adopted(PNG)
    const removed = database.transaction(() => files.remove(file.id))
    removed()
    await expect.poll(() => existsSync(file.path)).toBe(false)
    expect(files.pathOf(file.id)).toBeNull()
  })

  it('does not write through a name that somebody else made in its directory', async () => {
    mkdirSync(directory, { mode: 0o700 })
    const target = join(home, 'target')
    writeFileSync(target, 'precious')
    linkSync(target, join(directory, 'c'.repeat(32)))
    await files.repair()
    expect(readFileSync(target, 'utf8')).toBe('precious')
  })
})
