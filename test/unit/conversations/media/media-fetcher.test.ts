import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../src/accounts/schema.ts'
import { MediaFetcher } from '../../../../src/conversations/media/media-fetcher.ts'
import { type MediaFile, MediaFiles } from '../../../../src/conversations/media/media-files.ts'
import { MediaStore } from '../../../../src/conversations/media/media-store.ts'
import { CommitGroup } from '../../../../src/conversations/store/commit-group.ts'
import type { InboxRow } from '../../../../src/conversations/store/inbox-store.ts'
import type { MediaOutcome, MediaTarget } from '../../../../src/messaging/media-outcome.ts'
import { Database } from '../../../../src/storage/database/database.ts'

const FETCHED = { outcome: 'fetched', size: 4, sha256: '00' } as const satisfies MediaOutcome

/** Does not name a file before it is told to. */
class SlowFiles extends MediaFiles {
  naming: (() => void)[] = []
  isSlow = false

  override async finish(...input: Parameters<MediaFiles['finish']>): Promise<MediaFile> {
    const file = await super.finish(...input)
    if (this.isSlow) await new Promise<void>((resolve) => this.naming.push(resolve))
    return file
  }
}

describe('MediaFetcher', () => {
  let directory: string
  let database: Database
  let store: MediaStore
  let files: SlowFiles
  let fetcher: MediaFetcher
  let rows: Map<number, InboxRow>
  let waits: Promise<unknown>[]
  let asked: { source: string; to: MediaTarget; finish: () => void }[]
  let config: ReturnType<ConstructorParameters<typeof MediaFiles>[0]['config']>
  let fetchedSize: number

  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), 'whatsappd-fetcher-'))
    directory = join(home, 'media')
    database = Database.open(join(home, 'account.db'), ACCOUNT_MIGRATIONS)
    const commits = new CommitGroup(database, () => undefined)
    const shared = { commits, logger: pino({ level: 'silent' }), now: () => new Date() }
    store = new MediaStore(database)
    files = new SlowFiles({ ...shared, store, directory, config: () => config })
    config = { mediaMaxMb: 50, media: { keepDays: 30, maxDiskMb: 100 } }
    fetchedSize = FETCHED.size
    rows = new Map()
    asked = []
    waits = []
    fetcher = new MediaFetcher({
      ...shared,
      store,
      files,
      inbox: { find: (sequence) => rows.get(sequence) },
      isAllowed: () => true,
      messageNews: { updated: () => undefined },
      tellTooLarge: () => undefined,
      transport: {
        fetchMedia: ({ source }, to, signal) =>
          new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error))
            const finish = (): void => {
              writeFileSync(to.path, 'data', { mode: 0o600 })
              resolve({ ...FETCHED, size: fetchedSize })
            }
            asked.push({ source, to, finish })
          }),
      },
    })
    fetcher.start()
    onTestFinished(async () => {
      await fetcher.stop()
      await Promise.all(waits)
      database.close()
      rmSync(home, { recursive: true, force: true })
    })
  })

  /** A message with a file, which is noted and not fetched yet. */
  const message = (
    conversation: number,
    { size = 4, author = 'person' }: { size?: number; author?: 'person' | 'owner' } = {},
  ): number => {
    const sequence = rows.size + 1
    const file = { kind: 'image', what: 'photo', name: null, mimeType: null, size } as const
    const row = { sequence, conversation, author, state: 'pending', chat: 'x', chat_kind: 'direct' }
    // What a fetch reads of it.
    rows.set(sequence, { ...row, message_id: `M${sequence}`, address: null } as InboxRow)
    const source = `${conversation}/${sequence}`
    database.transaction(() =>
      store.note(sequence, [{ kind: 'attachment', text: '', file, media: { source } }], Date.now()),
    )
    return sequence
  }
  const settle = (inbox: number, late = new AbortController().signal): Promise<unknown> => {
    const wait = fetcher.settle(inbox, { signal: new AbortController().signal, late })
    waits.push(wait)
    return wait
  }
  const fetching = (count: number): Promise<void> => expect.poll(() => asked.length).toBe(count)
  const conversations = (): string[] => asked.map(({ source }) => source.split('/')[0] ?? '')
  const names = (): string[] => readdirSync(directory).filter((name) => name !== '.gitignore')

  /** The row said that the file is stored, while the end of the account had deleted it. */
  it('that ends while a file gets its name leaves neither the file nor a row that says it is there', async () => {
    files.isSlow = true
    fetcher.begin(message(1))
    await fetching(1)
    asked[0]?.finish()
    await expect.poll(() => files.naming.length).toBe(1)
    const stopped = fetcher.stop()
    files.naming[0]?.()
    await stopped
    expect(store.ofInbox(1).map(({ state }) => state)).toEqual(['due'])
    expect(names()).toEqual([])
  })

  it('that ends when a file is stored keeps it', async () => {
    fetcher.begin(message(1))
    await fetching(1)
    asked[0]?.finish()
    await expect.poll(() => store.ofInbox(1)[0]?.state).toBe('stored')
    await fetcher.stop()
    expect(names()).toHaveLength(1)
  })

  it('leaves a place to others, however many files one conversation waits for', async () => {
    for (const inbox of Array.from({ length: 5 }, () => message(1))) void settle(inbox)
    await fetching(2)
    void settle(message(2))
    void settle(message(3))
    void settle(message(4))
    await fetching(4)
    expect(conversations().toSorted()).toEqual(['1', '1', '2', '3'])
    asked[0]?.finish()
    await fetching(5)
    expect(conversations().at(-1)).toBe('4')
    asked[1]?.finish()
    await fetching(6)
    expect(conversations().at(-1)).toBe('1')
  })

  it('lends the place of a file that waits for the phone', async () => {
    for (const conversation of [1, 2, 3, 4]) void settle(message(conversation))
    await fetching(4)
    void settle(message(5))
    let answer = (): void => {}
    const waited = asked[0]?.to.lendWhile?.(() => new Promise<void>((resolve) => (answer = resolve)))
    await fetching(5)
    let isBack = false
    void waited?.then(() => (isBack = true))
    answer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(isBack).toBe(false)
    asked[1]?.finish()
    await expect.poll(() => isBack).toBe(true)
  })

  it('fetches beforehand what fills at most half of the disk, and the rest when it is asked for', async () => {
    fetcher.begin(message(1, { size: 30_000_000 }))
    const second = message(1, { size: 30_000_000 })
    fetcher.begin(second)
    await fetching(1)
    fetcher.begin(message(2, { size: 30_000_000 }))
    await fetching(2)
    expect(conversations()).toEqual(['1', '2'])
    void settle(second)
    await fetching(3)
  })

  it('ends a wait that takes too long, and goes on in the background', async () => {
    const late = new AbortController()
    const waited = settle(message(1), late.signal)
    await fetching(1)
    late.abort(new Error('late'))
    await waited
    const [row] = store.ofInbox(1)
    expect(row && fetcher.problemOf(row)?.message).toBe('The file did not come in time.')
    asked[0]?.finish()
    await expect.poll(() => store.ofInbox(1)[0]?.state).toBe('stored')
  })

  it('says whose message the file came with', async () => {
    void settle(message(1, { author: 'owner' }))
    void settle(message(2))
    await fetching(2)
    expect(asked.map(({ to }) => to.isOwn)).toEqual([true, false])
  })

  /** Room was asked for twice: for the bytes that were on the disk already, and for as many again. */
  it('keeps a file that is longer than its message says where it fits, and refuses it beyond maxDiskMb', async () => {
    const { bavail, bsize } = statfsSync(tmpdir())
    const megabytes = Math.ceil((bavail * bsize) / 1_000_000)
    config = { mediaMaxMb: megabytes + 1, media: { keepDays: 30, maxDiskMb: megabytes + 1 } }
    // As many as are free now, as if these had been free before.
    fetchedSize = bavail * bsize
    const [kept, refused] = [message(1), message(2)]
    void settle(kept)
    await fetching(1)
    asked[0]?.finish()
    await expect.poll(() => store.ofInbox(kept)[0]?.state).toBe('stored')
    config = { mediaMaxMb: 50, media: { keepDays: 30, maxDiskMb: 50 } }
    database.transaction(() => store.delete(store.ofInbox(kept)[0]?.id ?? ''))
    fetchedSize = 50_000_001
    void settle(refused)
    await fetching(2)
    asked[1]?.finish()
    await expect.poll(() => store.ofInbox(refused)[0]?.problem_code).toBe('no_space')
  })
})
