import { jidDecode } from '@whiskeysockets/baileys'
import { deviceName } from './device-name.ts'

const MAX_DEVICES = 2_000
/** Somebody who has just linked a device has keys within seconds. */
const FIRST_REST_MS = 10_000
const LONGEST_REST_MS = 60 * 60_000

/**
 * Devices that no session could be had with: WhatsApp lists them and has no keys for them, as for one that was linked
 * this moment. Each is asked for again after a rest that doubles from 10 s to an hour. Bounded; in memory alone.
 */
export class KeylessDevices {
  readonly #devices = new Map<string, { user: string; since: number; restMs: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  has(jid: string): boolean {
    return this.#devices.has(deviceName(jid))
  }

  /** Whether it was asked for so lately that it is not asked for again. */
  isResting(jid: string): boolean {
    const device = this.#devices.get(deviceName(jid))
    if (device === undefined) return false
    const restedMs = this.#now() - device.since
    // The clock may have been set back.
    return restedMs >= 0 && restedMs < device.restMs
  }

  /** Its keys were asked for in vain. */
  add(jid: string): void {
    const name = deviceName(jid)
    const before = this.#devices.get(name)
    const restMs = before === undefined ? FIRST_REST_MS : Math.min(LONGEST_REST_MS, before.restMs * 2)
    this.#devices.delete(name)
    this.#devices.set(name, { user: jidDecode(jid)?.user ?? '', since: this.#now(), restMs })
    const [oldest] = this.#devices.keys()
    if (this.#devices.size > MAX_DEVICES && oldest !== undefined) this.#devices.delete(oldest)
  }

  /** Nothing was learnt of these: the next message does not wait for them again. */
  rest(jids: Iterable<string>): void {
    for (const jid of jids) if (!this.isResting(jid)) this.add(jid)
  }

  /** There is a session with it now. */
  remove(jid: string): void {
    this.#devices.delete(deviceName(jid))
  }

  flushAll(): void {
    this.#devices.clear()
  }

  /** The devices of this user are others now; `user` as in an address. */
  removeUser(user: string): void {
    for (const [name, device] of this.#devices) if (device.user === user) this.#devices.delete(name)
  }
}
