import type { Faults } from '../faults/faults.ts'
import type { PingTally } from './pings.ts'

/** What the simulated WhatsApp does without being asked, and how often. Times in milliseconds. */
export interface Habits {
  /** The mean time between two pings on an open socket, linked or linking; the first one comes soon. `null`: no pings. */
  pingEveryMs: number | null
  /** A stanza that is not acknowledged within this time ends the stream; WhatsApp allows fifty minutes. */
  ackWithinMs: number
  /** The largest number of backlog stanzas that are sent at once. */
  batch: number
  /** How many stanzas of other kinds each connection of a linked device gets besides people's messages. */
  everyday: number
  /** Whether a phone gives each client that it links its app state and a little history. */
  sharesState: boolean
  /**
   * Whether a new client computes and uploads all of its one-time keys, as with WhatsApp. Otherwise it is told that there
   * is one already, and uploads five; these computations are most of what linking costs.
   */
  wantsAllPreKeys: boolean
  /** Whether a second message under an id that the server has taken for the same person is acknowledged and goes nowhere. */
  dropsRepeats: boolean
  /** How long a file can be fetched after its upload. */
  mediaLivesMs: number
  /** All files that are kept at a time; beyond it the oldest goes. In bytes. */
  mediaKeptBytes: number
  /** The largest file that an upload may bring, encrypted. In bytes. */
  mediaMaxBytes: number
  /** How long the answer to `media_conn` is good, and uploads with it are taken. In seconds. */
  mediaConnSeconds: number
}

export const HABITS: Habits = {
  pingEveryMs: 15_000,
  ackWithinMs: 50 * 60_000,
  batch: 100,
  everyday: 4,
  sharesState: true,
  wantsAllPreKeys: true,
  dropsRepeats: false,
  mediaLivesMs: 30 * 24 * 3_600_000,
  mediaKeptBytes: 256 * 1024 * 1024,
  mediaMaxBytes: 128 * 1024 * 1024,
  mediaConnSeconds: 300,
}

/** Time, randomness, habits and faults: what every part of the simulated WhatsApp depends on. */
export interface Environment {
  readonly faults: Faults
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly random: (size: number) => Buffer
  /** How many QR codes a client that wants to be linked gets. */
  readonly qrRefs: number
  readonly habits: Habits
  readonly pings: PingTally
  /** Called when something that a viewer sees has changed. */
  readonly changed: () => void
}

/** The time as stanzas carry it: seconds since the epoch. */
export function seconds({ now }: Pick<Environment, 'now'>): string {
  return String(Math.floor(now() / 1000))
}
