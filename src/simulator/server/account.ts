import { jidEncode } from '@whiskeysockets/baileys'
import type { AppState } from './app-state.ts'
import type { Device } from './device.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import type { KeyRefusal, UnkeyedDevice } from './unkeyed-devices.ts'

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
  /** Listed, and without keys. */
  readonly unkeyedDevices: UnkeyedDevice[] = []
  /** Whether the server hands out the keys of the phone itself. */
  phoneKeys: KeyRefusal | 'given' = 'given'
  /** Whether the server tells this account's devices, or answers with an error for this one of several. */
  isListRefused = false
  /** Whether clients are told that the LID they know is another one by now. */
  isLidStale = false
  /** Highest number of sockets that were ever logged in as one companion of this account at one time. */
  maxSimultaneousConnections = 0
  /** What all its devices share. */
  appState: AppState | undefined
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

  /** The devices that others are told of, those without keys too. */
  get listedDeviceIds(): number[] {
    return [0, ...[...this.companions, ...this.unkeyedDevices].map(({ deviceId }) => deviceId)]
  }

  /** How the server refuses the keys of one device; `undefined` where it has them, or knows no such device. */
  keyRefusal(deviceId: number): KeyRefusal | undefined {
    if (deviceId === 0) return this.phoneKeys === 'given' ? undefined : this.phoneKeys
    return this.unkeyedDevices.find((device) => device.deviceId === deviceId)?.refusal
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
    const used = new Set(this.listedDeviceIds).add(HOSTED_DEVICE_ID)
    do this.#lastDeviceId = (this.#lastDeviceId % HIGHEST_DEVICE_ID) + 1
    while (used.has(this.#lastDeviceId))
    return this.#lastDeviceId
  }
}
