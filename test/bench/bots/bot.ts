import type { ServerAddress } from '../whatsapp/simulator-requests.ts'

/** A bot under measurement: a process of its own that answers an allowlist's people with their own words. */
export interface Bot {
  readonly name: 'ours' | 'bare'
  readonly pid: number
  /** What is known of it when a step hangs: where it stands, and the end of what it said on stderr. */
  readonly lastWords: string
  /** Spawns the process; `firstQrMs` runs from the spawn until the QR is in our hands. Also after `halt`: a start that is not the first. */
  start(server: ServerAddress, allowFrom: readonly string[]): Promise<{ qr: string; firstQrMs: number }>
  /** Resolves when the account is linked and messages can flow. */
  connected(): Promise<void>
  /** Ends the process and keeps its state. */
  halt(): Promise<void>
  /** After `halt` of a linked bot: milliseconds from the spawn until it is connected again. */
  resume(): Promise<number>
  /** Saves the bot's list and answers how long it took until the bot went by it, milliseconds. */
  saveAllowFrom(allowFrom: readonly string[]): Promise<number>
  /** Ends the process and removes its files. */
  stop(): Promise<void>
}
