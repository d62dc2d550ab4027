import { type GroupMetadata, jidNormalizedUser } from '@whiskeysockets/baileys'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import type { Database } from '../../../storage/database/database.ts'
import { cutText } from '../../../text/bounded-text.ts'
import { TtlCache } from '../signal/ttl-cache.ts'

/** WhatsApp reports changes; what it has not reported again is trusted for no longer than this. */
const FRESH_MS = 60 * 60_000
const MAX_FRESH = 200
/** Groups whose members are on disk. WhatsApp lets an account be in fewer at a time; those that it left are among them. */
const MAX_GROUPS = 2_000

/** What WhatsApp reported of groups: fresh as it came, and their members on disk for a phone that asks after a restart. */
export class GroupDirectory {
  readonly #database: Database
  readonly #fresh: TtlCache
  readonly #now: () => number
  readonly #named: (group: string, name: string) => void
  /** Groups in which the last message that may have carried our sender key is known to have arrived. */
  readonly #keyed = new Set<string>()

  /** `named`: WhatsApp said what a group is called. */
  constructor(database: Database, now: () => number, named: (group: string, name: string) => void) {
    this.#database = database
    this.#now = now
    this.#named = named
    this.#fresh = new TtlCache({ limit: MAX_FRESH, ttlMs: FRESH_MS, now })
  }

  /** Undefined when it has to be asked for. */
  fresh(group: string): GroupMetadata | undefined {
    return this.#fresh.get<GroupMetadata>(group)
  }

  /** Whether somebody who was a member is none any more. */
  hasLostSomebody(metadata: GroupMetadata): boolean {
    const present = new Set(addressesOf(metadata))
    return this.#members(metadata.id).some((member) => !present.has(member))
  }

  /** Throws `StorageError`. */
  learn(metadata: GroupMetadata): void {
    const { id } = metadata
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO group_members (jid, members, learned_at) VALUES (?, ?, ?)')
        .run(id, JSON.stringify(addressesOf(metadata)), this.#now())
      this.#database
        .prepare(
          'DELETE FROM group_members WHERE jid IN (SELECT jid FROM group_members ORDER BY learned_at DESC LIMIT -1 OFFSET ?)',
        )
        .run(MAX_GROUPS)
    })
    // Its texts are of no use here, and of any length.
    const { desc: _description, ...kept } = metadata
    const subject = cutText(metadata.subject ?? '', TEXT_LIMITS.name)
    this.#fresh.set(id, { ...kept, subject })
    this.#named(id, subject)
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

  /** The group changed; how is not known but for a new name. */
  changed(group: string, name?: string): void {
    this.#fresh.del(group)
    if (name !== undefined) this.#named(group, name)
  }

  /** What changed without a connection is not known. */
  forgetAll(): void {
    this.#fresh.flushAll()
  }

  /** The link is gone, and its rows with it. */
  clear(): void {
    this.#fresh.flushAll()
    this.#keyed.clear()
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

/** Every address that WhatsApp gave for the members. */
function addressesOf({ participants }: GroupMetadata): string[] {
  return participants.flatMap(({ id, phoneNumber, lid }) =>
    [id, phoneNumber, lid].filter((jid) => jid !== undefined).map((jid) => jidNormalizedUser(jid)),
  )
}
