/** What the simulated WhatsApp does by itself, and how often; milliseconds. */
export interface Habits {
  /** About how often an open socket is asked for a sign of life, linked or linking; the first time soon. `null`: never. */
  pingEveryMs: number | null
  /** A stanza that is not acknowledged for so long ends the stream; WhatsApp takes fifty minutes. */
  ackWithinMs: number
  /** How many stanzas of a backlog come at a time, at most. */
  batch: number
  /** How many stanzas of other kinds each connection of a linked device gets besides people's messages. */
  everyday: number
  /** Whether a phone gives each client that it links its app state and a little history. */
  sharesState: boolean
}

export const HABITS: Habits = {
  pingEveryMs: 15_000,
  ackWithinMs: 50 * 60_000,
  batch: 100,
  everyday: 4,
  sharesState: true,
}
