import type { Database } from '../../../storage/database/database.ts'
import { KeylessDevices } from '../devices/keyless-devices.ts'
import { StoredCache } from './stored-cache.ts'
import { TtlCache } from './ttl-cache.ts'

const MAX_ENTRIES = 2_000
const DEVICE_LIST_TTL_MS = 5 * 60_000
const NO_LID_TTL_MS = 60 * 60_000
const DEVICE_HASH_TTL_MS = 60 * 60_000
const RETRY_COUNTER_TTL_MS = 60 * 60_000
/** An account may have been moved to LIDs meanwhile. */
const NAMESPACE_TTL_MS = 24 * 60 * 60_000
/** Longer than any lock that WhatsApp was seen to set. */
const LOCK_TTL_MS = 60 * 86_400_000
const TIMER_TTL_MS = 400 * 86_400_000
/** For as long as a phone may ask for a message again. */
const UPLOAD_TTL_MS = 30 * 86_400_000
/** As long as messages are held whose sender is not known yet. */
const PASSING_TIMER_TTL_MS = 86_400_000

/** Caches that outlive one socket, and where Baileys takes them the process, so that nothing is asked twice. */
export interface LinkCaches {
  devices: StoredCache
  keylessDevices: KeylessDevices
  /** By chat: the hash of the devices that WhatsApp named last, where a message went to others. */
  deviceHashes: TtlCache
  numbersWithoutLid: TtlCache
  retryCounters: StoredCache
  /** How direct messages must be addressed (`DirectRoutes`). */
  namespace: StoredCache
  /** Whether the account may write to new people (`ReachoutLock`). */
  reachout: StoredCache
  /** By chat; of chats with somebody who is not known yet in memory alone. */
  timers: StoredCache
  passingTimers: TtlCache
  /** By local id: where the files of our messages are (`Uploads`). */
  uploads: StoredCache
}

/** Throws `StorageError`. */
export function openLinkCaches(database: Database, now: () => number): LinkCaches {
  const stored = (name: string, ttlMs: number): StoredCache =>
    new StoredCache({ database, name, limit: MAX_ENTRIES, ttlMs, now })
  return {
    devices: stored('devices', DEVICE_LIST_TTL_MS),
    keylessDevices: new KeylessDevices(now),
    deviceHashes: new TtlCache({ limit: MAX_ENTRIES, ttlMs: DEVICE_HASH_TTL_MS, now }),
    numbersWithoutLid: new TtlCache({ limit: MAX_ENTRIES, ttlMs: NO_LID_TTL_MS, now }),
    retryCounters: stored('retries', RETRY_COUNTER_TTL_MS),
    namespace: stored('namespace', NAMESPACE_TTL_MS),
    reachout: stored('reachout', LOCK_TTL_MS),
    timers: stored('timers', TIMER_TTL_MS),
    uploads: stored('uploads', UPLOAD_TTL_MS),
    passingTimers: new TtlCache({ limit: MAX_ENTRIES, ttlMs: PASSING_TIMER_TTL_MS, now }),
  }
}
