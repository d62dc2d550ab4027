import type { Directory } from './directory.ts'
import type { Faults } from '../faults/faults.ts'
import type { Habits } from './habits.ts'
import type { PendingLinks } from '../linking/pending-links.ts'
import type { MessageRouter } from './message-router.ts'
import type { PrivacyTokens } from './privacy-tokens.ts'
import type { UnkeyedDevices } from './unkeyed-devices.ts'
import type { PingTally } from './pings.ts'

/** What every part of the simulated WhatsApp shares. */
export interface Network {
  readonly directory: Directory
  readonly faults: Faults
  readonly linking: PendingLinks
  readonly router: MessageRouter
  readonly privacyTokens: PrivacyTokens
  /** `undefined` where every device has keys. */
  readonly unkeyedDevices: UnkeyedDevices | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly random: (size: number) => Buffer
  /** How many codes a client that wants to be linked gets. */
  readonly qrRefs: number
  readonly habits: Habits
  readonly pings: PingTally
  /** Something that a viewer would want to see has changed. */
  readonly changed: () => void
}

/** The time as stanzas carry it. */
export function seconds(network: Pick<Network, 'now'>): string {
  return String(Math.floor(network.now() / 1000))
}
