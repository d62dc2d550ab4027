import type { Transport } from '../messaging/transport.ts'

export interface MessageClockDependencies {
  transport: Pick<Transport, 'clockOffsetMs' | 'clockReadings'>
  /** This machine's clock. */
  now: () => Date
}

/** The clock that dates messages, which is WhatsApp's: this machine's may be hours away from it. */
export class MessageClock {
  readonly #deps: MessageClockDependencies

  constructor(deps: MessageClockDependencies) {
    this.#deps = deps
  }

  /** Whether WhatsApp has told its time since the account was opened. */
  get isKnown(): boolean {
    return this.#deps.transport.clockOffsetMs !== null
  }

  /** Milliseconds to add to a time of this machine; 0 while WhatsApp's is not known. */
  get offsetMs(): number {
    return this.#deps.transport.clockOffsetMs ?? 0
  }

  /** How often WhatsApp has told its time since the account was opened. */
  get readings(): number {
    return this.#deps.transport.clockReadings
  }

  /** This machine's time, milliseconds since 1970. */
  machineTime(): number {
    return this.#deps.now().getTime()
  }

  /** Milliseconds since 1970; this machine's time while WhatsApp's is not known. */
  now(): number {
    return this.machineTime() + this.offsetMs
  }
}
