import { type CacheStore, jidEncode } from '@whiskeysockets/baileys'
import { inItsDomain } from './device-domain.ts'
import type { KeylessDevices } from './keyless-devices.ts'
import { type ListedDevice, sending } from '../outbound/sending.ts'
import type { StoredCache } from '../signal/stored-cache.ts'

/** As Baileys stores it: without the address, which it makes anew. */
type StoredDevice = Omit<ListedDevice, 'jid'>

/**
 * The memory of device lists that Baileys is given. A message that is on its way out goes to the devices of its plan. One
 * that is sent again because somebody asked leaves out the devices that have no keys: Baileys fails altogether when it
 * can encrypt for none of our own.
 */
export class DeviceLists implements CacheStore {
  readonly #lists: StoredCache
  readonly #keyless: KeylessDevices

  constructor(lists: StoredCache, keyless: KeylessDevices) {
    this.#lists = lists
    this.#keyless = keyless
  }

  get<T>(user: string): T | undefined {
    const context = sending.getStore()
    const planned = context?.plan?.devices.get(user) ?? []
    // `CacheStore` lets the caller name the type of what it stored under this key.
    if (context?.plan) return planned as T
    if (context !== undefined) return this.#lists.get<T>(user)
    const list = this.#lists.get<StoredDevice[]>(user)
    const withKeys = list?.filter(
      (each) => !this.#keyless.has(jidEncode(each.user, each.server, each.device)),
    )
    return withKeys as T | undefined
  }

  set<T>(user: string, list: T): void {
    // What Baileys stores under this key.
    this.#lists.set(user, Array.isArray(list) ? (list as StoredDevice[]).map(inItsDomain) : list)
  }

  del(user: string): void {
    this.#lists.del(user)
  }

  flushAll(): void {
    this.#lists.flushAll()
  }
}
