import type { ServerAddress } from './simulator-requests.ts'

/** A bot under measurement: a process of its own that answers an allowlist's people with their own words. */
export interface Bot {
  readonly name: 'ours' | 'bare'
  readonly pid: number
  /** Spawns the process; `firstQrMs` runs from the spawn until the QR is in our hands. */
  start(server: ServerAddress, allowFrom: readonly string[]): Promise<{ qr: string; firstQrMs: number }>
  /** Resolves when the account is linked and messages can flow. */
  connected(): Promise<void>
  /** Saves the bot's list and answers how long it took until the bot went by it, milliseconds. */
  saveAllowFrom(allowFrom: readonly string[]): Promise<number>
  stop(): Promise<void>
}
