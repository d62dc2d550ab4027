import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { MediaFiles } from '../../../../src/conversations/media/media-files.ts'
import { MediaStore } from '../../../../src/conversations/media/media-store.ts'
import { UploadedFiles } from '../../../../src/conversations/media/uploaded-files.ts'
import { CommitGroup } from '../../../../src/conversations/store/commit-group.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const HOUR_MS = 3_600_000

let directory: string
let database: Database
let store: MediaStore
let files: MediaFiles
let uploads: UploadedFiles
let config: { mediaMaxMb: number; media: { keepDays: number; maxDiskMb: number } }
let now: Date
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'whatsappd-uploads-'))
  directory = join(home, 'media')
  config = { mediaMaxMb: 0.001, media: { keepDays: 30, maxDiskMb: 0.004 } }
  now = new Date('2026-06-01T12:00:00Z')
  database = Database.open(join(home, 'account.db'), ACCOUNT_MIGRATIONS)
  store = new MediaStore(database)
  const commits = new CommitGroup(database, () => undefined)
  files = new MediaFiles({
    store,
    directory,
    commits,
    config: () => config,
    logger: pino({ level: 'silent' }),
    now: () => now,
  })
  uploads = new UploadedFiles({ files, store, commits, now: () => now })
  onTestFinished(() => {
    database.close()
    rmSync(home, { recursive: true, force: true })
  })
})

async function* chunksOf(bytes: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += 100) yield Buffer.alloc(Math.min(100, bytes - sent), 'x')
  if (failure !== undefined) throw failure
}
const receive = (bytes: number, length: number | null = bytes) =>
  uploads.receive({ body: chunksOf(bytes), length, name: 'a.txt', mimeType: 'text/plain' })
const onDisk = (): string[] =>
  (existsSync(directory) ? readdirSync(directory) : []).filter((name) => !name.startsWith('.'))

describe('an upload', () => {
  it('is on the disk with what its bytes show, for an hour', async () => {
    const file = await receive(500)
    expect(file).toMatchObject({
      size: 500,
      type: 'text/plain',
      sha256: createHash('sha256').update('x'.repeat(500)).digest('hex'),
      expiresAt: new Date(now.getTime() + HOUR_MS),
    })
    expect(readFileSync(file.path, 'utf8')).toBe('x'.repeat(500))
    now = new Date(now.getTime() + HOUR_MS - 1)
    uploads.prune()
    expect(onDisk()).toHaveLength(1)
    now = new Date(now.getTime() + 1)
    uploads.prune()
    await expect.poll(onDisk).toEqual([])
    expect(store.find(file.id)).toBeUndefined()
  })

  it('is there after a restart, which deletes what nothing wants', async () => {
    const file = await receive(500)
    await files.repair()
    expect(files.pathOf(file.id)).toBe(file.path)
  })

  it.each([
    ['says that it is too long', () => receive(2_000), 'too_large'],
    ['grows too long', () => receive(2_000, null), 'too_large'],
    ['grows longer than it says', () => receive(2_000, 500), 'too_large'],
    ['is empty', () => receive(0, 0), 'damaged'],
  ])('leaves nothing where it %s', async (_what, upload, code) => {
    await expect(upload()).rejects.toMatchObject({ code })
    expect(onDisk()).toEqual([])
    expect(store.uploads()).toEqual([])
  })

  it('leaves nothing where its connection breaks', async () => {
    const broken = { body: chunksOf(300, new Error('aborted')), length: 500, name: null, mimeType: null }
    await expect(uploads.receive(broken)).rejects.toThrow('aborted')
    expect(onDisk()).toEqual([])
  })

  it('takes the place of older ones, and never that of the files of messages', async () => {
    const kept = await files.adopt({ data: Buffer.alloc(900, 'y') }, { name: null, mimeType: null })
    if (kept.outcome === 'stored') store.keepFor(kept.id, 'OUT1')
    const sizes = []
    for (let count = 0; count < 6; count += 1) {
      sizes.push((await receive(800)).id)
      now = new Date(now.getTime() + 1_000)
    }
    // Half of what there is, of which each is the fifth part.
    expect(store.uploads().map(({ id }) => id)).toEqual(sizes.slice(-2))
    expect(kept.outcome === 'stored' && existsSync(kept.path)).toBe(true)
  })

  /** Uploads of which so many bytes have come, and no more come before `end`. */
  function stalled(count: number, bytes: number, length: number): { end: () => Promise<unknown> } {
    const gate = new EventEmitter()
    gate.setMaxListeners(count)
    async function* body(): AsyncGenerator<Uint8Array> {
      if (bytes > 0) yield Buffer.alloc(bytes, 'x')
      await once(gate, 'end')
      throw new Error('aborted')
    }
    const all = Array.from({ length: count }, () =>
      uploads.receive({ body: body(), length, name: null, mimeType: null }).catch((error: unknown) => error),
    )
    return {
      end: () => {
        gate.emit('end')
        return Promise.all(all)
      },
    }
  }

  it('takes no room from the files of messages before it comes, and is one of eight that come', async () => {
    const kept = []
    for (let count = 0; count < 3; count += 1)
      kept.push(await files.adopt({ data: Buffer.alloc(900, 'y') }, { name: null, mimeType: null }))
    const { end } = stalled(8, 0, 1_000)
    await expect.poll(onDisk).toHaveLength(11)
    await expect(receive(10)).rejects.toMatchObject({ code: 'rate_limited' })
    for (const file of kept) expect(file.outcome === 'stored' && existsSync(file.path)).toBe(true)
    await end()
    expect(await receive(10)).toMatchObject({ size: 10 })
  })

  it('is refused where those that come take the whole share', async () => {
    const { end } = stalled(2, 900, 900)
    await expect.poll(() => onDisk().length).toBe(2)
    await expect(receive(900)).rejects.toMatchObject({ code: 'no_space' })
    await end()
    expect(await receive(900)).toMatchObject({ size: 900 })
  })

  it('is one of a hundred at most', async () => {
    config = { ...config, media: { keepDays: 30, maxDiskMb: 1 } }
    for (let count = 0; count < 105; count += 1) await receive(1)
    expect(store.uploads()).toHaveLength(100)
  })
})
