import { jidEncode } from '@whiskeysockets/baileys'
import type { Passkey } from '../linking/passkey/passkey.ts'
import type { SessionPartner } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'

/**
 * What WhatsApp shows of an account to others: phone number and LID, only the LID (the number stays hidden), or only the
 * number (the server knows no LID).
 */
export type AccountAddressing = 'both' | 'lid-only' | 'phone-only'

/**
 * Whether WhatsApp has moved the direct chats of an account from numbers to LIDs: only LIDs are taken then, and before only
 * numbers. `either`: a server that takes both, as it was until 2026.
 */
export type LidMigration = 'migrated' | 'unmigrated' | 'either'

/**
 * Who may begin a chat with an account: everybody (`open`), whoever has its privacy token and may ask for one (`token`), or
 * nobody whom it has not written to (`closed`).
 */
export type FirstContact = 'open' | 'token' | 'closed'

/** The two ways in which a chat names people. */
export type AddressingMode = 'lid' | 'pn'

/** Anything that messages are encrypted for: a phone or a linked client. */
export interface Device extends SessionPartner {
  readonly account: Account
  /** 0 is the phone. */
  readonly deviceId: number
  /** The sender's name that others see. */
  readonly name: string
  /** Hands over a stanza: now, or with the next login of a device that is offline. */
  deliver(stanza: Stanza): void
}

/** A linked client, as others on the network reach it. */
export interface Companion extends Device {
  /** Sends what matters only now, such as typing; a client that is offline never gets it. */
  deliverTransient(stanza: Stanza): void
}

/** How the server answers a question for keys that do not exist: with an error, or by leaving the device out. */
export type KeyRefusal = '404' | '406' | 'left-out'

/** A device that is listed and has no keys: it has just been linked, or its linking was given up half-way. */
export interface UnkeyedDevice {
  deviceId: number
  refusal: KeyRefusal
}

/** Answers a client's `<sync>` of the app state. */
interface SharedState {
  answer(asked: readonly Stanza[], from: Device): Promise<Stanza[]>
}

/** The device number is one byte on the wire; 99 is the device that Meta hosts for a business. */
const HIGHEST_DEVICE_ID = 254
export const HOSTED_DEVICE_ID = 99

/** One WhatsApp account on the server: its addresses and its devices. */
export class Account {
  /** E.164. */
  readonly phoneNumber: string
  /** The number's digits: the user part of the phone-number JID. */
  readonly user: string
  #lidUser: string
  /** How many messages of clients went to a LID that it has no longer. */
  sentToFormerLid = 0
  readonly addressing: AccountAddressing
  /** How its direct messages must name people. */
  lidMigration: LidMigration = 'migrated'
  firstContact: FirstContact = 'open'
  /** Set while the server lets it write to nobody new. `until`: seconds since the epoch; `null`: no end is named. */
  reachoutLock: { until: number | null } | null = null
  /** In the order of the list that others see. */
  readonly companions: Companion[] = []
  /** An account that has some is asked for one of them at every link. */
  readonly passkeys: Passkey[] = []
  /** Listed devices without keys. */
  readonly unkeyedDevices: UnkeyedDevice[] = []
  /** Whether the server hands out the keys of the phone itself. */
  phoneKeys: KeyRefusal | 'given' = 'given'
  /** The same for the device that Meta hosts for it. */
  hostedKeys: KeyRefusal | 'given' = 'given'
  /** Whether the server refuses to list this account's devices. */
  isListRefused = false
  /** Whether clients that write to it get a notice that the LID they know is out of date. */
  isLidStale = false
  /** Highest number of sockets that were ever logged in as one companion of this account at one time. */
  maxSimultaneousConnections = 0
  /** The app state, which all its devices share. */
  appState: SharedState | undefined
  #primary: Device | undefined
  #lastDeviceId = 0

  constructor(o: { phoneNumber: string; lidUser: string; addressing: AccountAddressing }) {
    this.phoneNumber = o.phoneNumber
    this.user = o.phoneNumber.replace('+', '')
    this.#lidUser = o.lidUser
    this.addressing = o.addressing
  }

  get lidUser(): string {
    return this.#lidUser
  }

  /** Another account has the number from now on. To be called by the directory, which finds it under the new name. */
  replaceLid(lidUser: string): void {
    this.#lidUser = lidUser
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

  /** The devices that others see in the list, including those without keys. */
  get listedDeviceIds(): number[] {
    return [0, ...[...this.companions, ...this.unkeyedDevices].map(({ deviceId }) => deviceId)]
  }

  /** How the server refuses the keys of one device; `undefined` where it has them, or knows no such device. */
  keyRefusal(deviceId: number): KeyRefusal | undefined {
    if (deviceId === 0) return this.phoneKeys === 'given' ? undefined : this.phoneKeys
    if (deviceId === HOSTED_DEVICE_ID) return this.hostedKeys === 'given' ? undefined : this.hostedKeys
    return this.unkeyedDevices.find((device) => device.deviceId === deviceId)?.refusal
  }

  /** The JID of one device, or of the whole account for device 0. A hosted device has a domain of its own. */
  deviceJid(mode: AddressingMode, deviceId = 0): string {
    const isHosted = deviceId === HOSTED_DEVICE_ID
    return mode === 'lid'
      ? jidEncode(this.lidUser, isHosted ? 'hosted.lid' : 'lid', deviceId)
      : jidEncode(this.user, isHosted ? 'hosted' : 's.whatsapp.net', deviceId)
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
