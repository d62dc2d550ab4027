import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys'
import type { Database } from '../../../storage/database/database.ts'
import { StorageError } from '../../../storage/storage-error.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { LidDirectory, type LidPair } from '../identity/lid-directory.ts'
import { boundedName } from '../../../text/bounded-text.ts'
import { pruneSession } from './prune-session.ts'
import { isUsableToken } from './usable-token.ts'

/** Parsed values kept in memory; sessions and mappings of the chats under way, bounded. */
const CACHE_LIMIT = 512

/** Made of addresses and ids of WhatsApp, several together; under a longer one nothing is kept. */
const MAX_ID_LENGTH = 512

/** Bounded so that a device that is linked again and again does not keep every old identity. */
const QUARANTINE_LIMIT = 3

type KeyType = keyof SignalDataTypeMap

export interface CredentialStoreEvents {
  /** A write that the disk refused, besides the error that is thrown: Baileys only retries and drops the message. */
  writeFailed(error: unknown): void
  /** WhatsApp's directory gave, or confirmed, the number behind a LID. */
  lidLearned(pair: LidPair): void
  /** A number belongs to another account now; called in the transaction that writes it. */
  lidChanged?(change: LidPair & { former: string }): void
  /** The link is gone from the disk: what is in memory of its groups, people and devices has to go too. */
  forgotten?(): void
}

const REVERSE_SUFFIX = '_reverse'

/**
 * One account's WhatsApp credentials and Signal keys in `account.db`. Every write is durable when it returns.
 * Unreadable credentials are a `StorageError` (`storage_unreadable`), never a new identity.
 */
export class CredentialStore {
  /** Who has which LID. It goes with the credentials that were used to ask. */
  readonly lids: LidDirectory
  readonly #database: Database
  readonly #cache = new Map<string, unknown>()
  readonly #events: CredentialStoreEvents
  /** `null` until a fresh identity is needed: to make one takes long enough to hold up a start. */
  #credentials: AuthenticationCreds | null

  private constructor(
    database: Database,
    credentials: AuthenticationCreds | null,
    events: CredentialStoreEvents,
    now: () => number,
  ) {
    this.#database = database
    this.#credentials = credentials
    this.#events = events
    this.lids = new LidDirectory({
      database,
      now,
      me: () => this.me,
      learned: (pair) => events.lidLearned(pair),
      changed: (change) => {
        this.#forgetKeysOf([change.former, change.phoneNumber])
        events.lidChanged?.(change)
      },
    })
  }

  /** Loads what is stored, or starts with a fresh identity where nothing ever was. */
  static load(
    database: Database,
    events: CredentialStoreEvents,
    now: () => number = Date.now,
  ): CredentialStore {
    const row = database.prepare('SELECT value FROM credentials WHERE id = 1').get() as
      | { value: string }
      | undefined
    const credentials = row === undefined ? null : parseCredentials(row.value, database.path)
    return new CredentialStore(database, credentials, events, now)
  }

  /** The live object that Baileys changes in place; the same one across reconnects. */
  get credentials(): AuthenticationCreds {
    this.#credentials ??= initAuthCreds()
    return this.#credentials
  }

  /** Who the account is, once WhatsApp has said so. */
  get me(): AuthenticationCreds['me'] {
    return this.#credentials?.me
  }

  /** Linked means that a phone signed this device; `registered` stays false after a QR. */
  get linked(): boolean {
    return this.me?.id !== undefined && this.#credentials?.account !== undefined
  }

  saveCredentials(): void {
    const { credentials } = this
    const { me } = credentials
    // WhatsApp tells the profile's name; Baileys sends it along with each presence.
    if (me?.name !== undefined) me.name = boundedName(me.name) ?? ''
    try {
      this.#database.transaction(() => {
        this.#database
          .prepare(
            'INSERT INTO credentials (id, value) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value',
          )
          .run(JSON.stringify(credentials, BufferJSON.replacer))
      })
    } catch (error) {
      this.#events.writeFailed(error)
      throw error
    }
  }

  /**
   * Takes over credentials and keys that another program used, in the place of none. Throws `DaemonError` (`already_linked`)
   * where a phone is linked, and `StorageError` with nothing changed.
   */
  adopt(credentials: AuthenticationCreds, keys: SignalDataSet): void {
    if (this.linked) throw new DaemonError('already_linked')
    this.#cache.clear()
    this.#database.transaction(() => {
      this.#clear()
      this.#credentials = credentials
      this.saveCredentials()
      this.#write(keys)
    })
  }

  /** Drops what a pairing code left behind when it was not entered: otherwise the next connect logs in and gets 401. */
  forgetHalfLink(): void {
    const credentials = this.#credentials
    if (credentials === null || this.linked) return
    if (credentials.me === undefined && credentials.pairingCode === undefined) return
    delete credentials.me
    credentials.pairingCode = undefined
    this.saveCredentials()
  }

  /** Drops the hint for WhatsApp's edge servers that goes in front of each handshake; the next login brings a new one. */
  forgetRouting(): void {
    if (this.#credentials?.routingInfo === undefined) return
    this.#credentials.routingInfo = undefined
    this.saveCredentials()
  }

  /** Moves everything out of use, kept for a person to look at; the next link gets a fresh identity. */
  quarantine(reason: string, now: number): void {
    this.#database.transaction(() => {
      const keys = this.#database.prepare('SELECT type, id, value FROM signal_keys').all()
      this.#database
        .prepare(
          'INSERT INTO quarantined_credentials (reason, quarantined_at, credentials, keys) VALUES (?, ?, ?, ?)',
        )
        .run(reason, now, JSON.stringify(this.credentials, BufferJSON.replacer), JSON.stringify(keys))
      this.#database
        .prepare(
          'DELETE FROM quarantined_credentials WHERE id NOT IN (SELECT id FROM quarantined_credentials ORDER BY id DESC LIMIT ?)',
        )
        .run(QUARANTINE_LIMIT)
      this.#clear()
    })
    this.#startAfresh()
  }

  /** Erases credentials, keys, quarantine and what was learnt with them; nothing of them stays in the file or its log. */
  erase(): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM quarantined_credentials').run()
      this.#clear()
      this.lids.erase()
    })
    this.#database.truncateLog()
    this.#startAfresh()
  }

  /**
   * What Baileys reads and writes Signal keys through. One `set()` is one transaction. Of LIDs it reads what the
   * directory knows; what it would store of them is left out, since it stores what envelopes say.
   */
  readonly keys: SignalKeyStore = {
    get: (type, ids) => {
      const found: Record<string, unknown> = {}
      for (const id of ids) {
        if (id.length > MAX_ID_LENGTH) continue
        const value = this.#read(type, id)
        if (value !== undefined) found[id] = value
      }
      // Baileys wrote these values under this type; the store gives back what it got.
      return found as Record<string, SignalDataTypeMap[typeof type]>
    },
    set: (data) => {
      try {
        this.#write(data)
      } catch (error) {
        this.#events.writeFailed(error)
        throw error
      }
    },
  }

  #read(type: KeyType, id: string): unknown {
    if (type === 'lid-mapping') {
      const isReverse = id.endsWith(REVERSE_SUFFIX)
      const found = isReverse ? this.lids.numberOf(id.slice(0, -REVERSE_SUFFIX.length)) : this.lids.lidOf(id)
      return found ?? undefined
    }
    const cacheKey = `${type}/${id}`
    if (this.#cache.has(cacheKey)) return this.#cache.get(cacheKey)
    const row = this.#database
      .prepare('SELECT value FROM signal_keys WHERE type = ? AND id = ?')
      .get(type, id) as { value: string } | undefined
    const value = row === undefined ? undefined : revive(type, row.value)
    this.#remember(cacheKey, value)
    return value
  }

  #write(data: SignalDataSet): void {
    const written: [string, unknown][] = []
    this.#database.transaction(() => {
      const upsert = this.#database.prepare(
        'INSERT INTO signal_keys (type, id, value) VALUES (?, ?, ?) ON CONFLICT (type, id) DO UPDATE SET value = excluded.value',
      )
      const remove = this.#database.prepare('DELETE FROM signal_keys WHERE type = ? AND id = ?')
      for (const [type, values] of Object.entries(data)) {
        if (type === 'lid-mapping') continue
        for (const [id, value] of Object.entries(values ?? {})) {
          if (id.length > MAX_ID_LENGTH) continue
          if (type === 'session') pruneSession(value)
          // Only Baileys writes under this type.
          if (type === 'tctoken' && value && !isUsableToken(value as SignalDataTypeMap['tctoken'])) continue
          // Encryption has written this very ratchet through already, before its frame went out.
          if (value !== null && typeof value === 'object' && this.#cache.get(`${type}/${id}`) === value)
            continue
          if (value === null || value === undefined) remove.run(type, id)
          else upsert.run(type, id, JSON.stringify(value, BufferJSON.replacer))
          written.push([`${type}/${id}`, value ?? undefined])
        }
      }
    })
    // A pre-key is read once, when its first message comes; hundreds are written at a link.
    for (const [cacheKey, value] of written) {
      if (cacheKey.startsWith('pre-key/')) this.#cache.delete(cacheKey)
      else this.#remember(cacheKey, value)
    }
  }

  /** Sessions and identities with the devices of these users: a LID, or a number, whose account is another one now. */
  #forgetKeysOf(users: readonly string[]): void {
    for (const user of users) {
      // Addresses are digits, a server kind for a LID, and a device (libsignal): `15550000002.0`, `66_1.7`.
      this.#database
        .prepare(
          `DELETE FROM signal_keys WHERE type IN ('session', 'identity-key') AND (id GLOB ?1 || '.*' OR id GLOB ?1 || '_*')`,
        )
        .run(user)
      const names = new RegExp(`^(?:session|identity-key)/${user}[._]`)
      for (const key of this.#cache.keys()) if (names.test(key)) this.#cache.delete(key)
    }
  }

  #remember(cacheKey: string, value: unknown): void {
    this.#cache.delete(cacheKey)
    this.#cache.set(cacheKey, value)
    if (this.#cache.size <= CACHE_LIMIT) return
    const oldest = this.#cache.keys().next()
    if (!oldest.done) this.#cache.delete(oldest.value)
  }

  #clear(): void {
    this.#database.prepare('DELETE FROM credentials').run()
    this.#database.prepare('DELETE FROM signal_keys').run()
    this.lids.forgetUnchanged()
    // The next link may be another person's.
    this.#database.prepare('DELETE FROM group_members').run()
    this.#database.prepare('DELETE FROM caches').run()
  }

  #startAfresh(): void {
    this.#cache.clear()
    this.#credentials = null
    this.#events.forgotten?.()
  }
}

function revive(type: KeyType, text: string): unknown {
  const value: unknown = JSON.parse(text, BufferJSON.reviver)
  if (type !== 'app-state-sync-key') return value
  return proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>)
}

function parseCredentials(text: string, path: string): AuthenticationCreds {
  try {
    const credentials = JSON.parse(text, BufferJSON.reviver) as Partial<AuthenticationCreds> | null
    if (
      credentials?.noiseKey?.private === undefined ||
      credentials.signedIdentityKey?.private === undefined
    ) {
      throw new Error('keys are missing')
    }
    // Written by `saveCredentials`; the two keys without which nothing works have just been checked.
    return credentials as AuthenticationCreds
  } catch (error) {
    throw new StorageError('storage_unreadable', `${path}: the stored credentials are damaged`, error)
  }
}
