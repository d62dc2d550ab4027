import { jidEncode } from '@whiskeysockets/baileys'
import type { Device } from './device.ts'
import type { LinkedCompanion } from './linked-companion.ts'

/**
 * What WhatsApp tells others about an account: phone number and LID, only the LID (nobody learns the number), or only
 * the number (the server knows no LID).
 */
export type AccountAddressing = 'both' | 'lid-only' | 'phone-only'

/** The two ways in which a chat names people. */
export type AddressingMode = 'lid' | 'pn'

/** The device number is one byte on the wire; 99 is reserved for hosted devices. */
const HIGHEST_DEVICE_ID = 254
const HOSTED_DEVICE_ID = 99

/** One WhatsApp account as the server keeps it: its names and its devices. */
export class Account {
  /** E.164. */
  readonly phoneNumber: string
  /** The number's digits: the user part of the phone-number JID. */
  readonly user: string
  readonly lidUser: string
  readonly addressing: AccountAddressing
  readonly companions: LinkedCompanion[] = []
  /** Highest number of sockets that were ever logged in as one companion of this account at one time. */
  maxSimultaneousConnections = 0
  #primary: Device | undefined
  #lastDeviceId = 0

  constructor(o: { phoneNumber: string; lidUser: string; addressing: AccountAddressing }) {
    this.phoneNumber = o.phoneNumber
    this.user = o.phoneNumber.replace('+', '')
    this.lidUser = o.lidUser
    this.addressing = o.addressing
  }

  get jid(): string {
    return this.deviceJid('pn')
  }

  get lid(): string {
    return this.deviceJid('lid')
  }

  /** The phone itself: device 0. */
  get primary(): Device {
    if (this.#primary === undefined) throw new Error(`${this.phoneNumber} has no phone`)
    return this.#primary
  }

  set primary(device: Device) {
    this.#primary = device
  }

  get devices(): Device[] {
    return [this.primary, ...this.companions]
  }

  /** The JID of one device, or of the whole account for device 0. */
  deviceJid(mode: AddressingMode, deviceId = 0): string {
    return mode === 'lid'
      ? jidEncode(this.lidUser, 'lid', deviceId)
      : jidEncode(this.user, 's.whatsapp.net', deviceId)
  }

  /** The mode in which others see this account in a chat for which `wanted` was asked. */
  modeFor(wanted: AddressingMode): AddressingMode {
    if (this.addressing === 'both') return wanted
    return this.addressing === 'lid-only' ? 'lid' : 'pn'
  }

  /** The account's other name, as an envelope in `mode` tells it; nothing where the server would not know it. */
  alternateJid(mode: AddressingMode): string | undefined {
    if (this.addressing !== 'both') return undefined
    return mode === 'lid' ? this.jid : this.lid
  }

  nextDeviceId(): number {
    const used = new Set(this.companions.map((companion) => companion.deviceId)).add(HOSTED_DEVICE_ID)
    do this.#lastDeviceId = (this.#lastDeviceId % HIGHEST_DEVICE_ID) + 1
    while (used.has(this.#lastDeviceId))
    return this.#lastDeviceId
  }
}
