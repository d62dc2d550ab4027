import { type GroupMetadata, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { Database } from '../storage/database.ts'
import { TtlCache } from './ttl-cache.ts'

/** A change is told by WhatsApp; what it did not tell is not believed for longer than this. */
const FRESH_MS = 60 * 60_000
const MAX_FRESH = 200

/** What WhatsApp told of groups: fresh as it came, and their members on disk for a phone that asks after a restart. */
export class GroupDirectory {
  readonly #database: Database
  readonly #fresh: TtlCache
  /** Groups in which the last message that may have carried our sender key is known to have arrived. */
  readonly #keyed = new Set<string>()

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#fresh = new TtlCache({ limit: MAX_FRESH, ttlMs: FRESH_MS, now })
  }

  /** Undefined when it has to be asked for. */
  fresh(group: string): GroupMetadata | undefined {
    return this.#fresh.get<GroupMetadata>(group)
  }

  /** Answers whether somebody who was a member is none any more. Throws `StorageError`. */
  learn(metadata: GroupMetadata): { somebodyLeft: boolean } {
    const { id, participants } = metadata
    const before = this.#members(id)
    const members = participants.flatMap((each) =>
      [each.id, each.phoneNumber, each.lid]
        .filter((jid) => jid !== undefined)
        .map((jid) => jidNormalizedUser(jid)),
    )
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO group_members (jid, members) VALUES (?, ?)')
        .run(id, JSON.stringify(members))
    })
    this.#fresh.set(id, metadata)
    const present = new Set(members)
    return { somebodyLeft: before.some((member) => !present.has(member)) }
  }

  /** Whether what Baileys remembers of who has our sender key is true: it takes a frame that left for one that arrived. */
  isKeyed(group: string): boolean {
    return this.#keyed.has(group)
  }

  setKeyed(group: string, isKeyed: boolean): void {
    this.#keyed.delete(group)
    if (!isKeyed) return
    this.#keyed.add(group)
    const [oldest] = this.#keyed
    if (this.#keyed.size > MAX_FRESH && oldest !== undefined) this.#keyed.delete(oldest)
  }

  /** The group changed, and how is not known. */
  forget(group: string): void {
    this.#fresh.del(group)
  }

  /** Whatever changed while nobody listened is not known. */
  forgetAll(): void {
    this.#fresh.flushAll()
  }

  /** Unknown groups have no members. */
  isMember(group: string, address: string): boolean {
    return this.#members(group).includes(jidNormalizedUser(address))
  }

  #members(group: string): string[] {
    const row = this.#database.prepare('SELECT members FROM group_members WHERE jid = ?').get(group)
    // Written by `learn` alone.
    return row === undefined ? [] : (JSON.parse((row as { members: string }).members) as string[])
  }
}
