/** Of sd_notify(3), what we say. */
type Field = 'READY' | 'STATUS' | 'WATCHDOG' | 'STOPPING'

/**
 * What the service manager is still to be told. One message is on its way at a time; what comes meanwhile goes with the next one,
 * of each field the newest value. A `STATUS` that was sent already is not sent again.
 */
export class ServiceMessages {
  readonly #send: (fields: readonly string[]) => Promise<void>
  readonly #due = new Map<Field, string>()
  #status: string | undefined
  #sending: Promise<void> | null = null

  /** `send` never rejects; it is given `NAME=value` each. */
  constructor(send: (fields: readonly string[]) => Promise<void>) {
    this.#send = send
  }

  set(fields: Partial<Record<Field, string>>): void {
    for (const name of ['READY', 'STATUS', 'WATCHDOG', 'STOPPING'] as const) {
      const value = fields[name]
      if (value !== undefined) this.#due.set(name, value)
    }
    this.#sending ??= this.#drain()
  }

  /** Resolves when nothing is due. */
  async sent(): Promise<void> {
    await this.#sending
  }

  async #drain(): Promise<void> {
    // What is set in one turn of the event loop is one message.
    await Promise.resolve()
    while (this.#due.size > 0) {
      if (this.#due.get('STATUS') === this.#status) this.#due.delete('STATUS')
      this.#status = this.#due.get('STATUS') ?? this.#status
      const fields = [...this.#due].map(([name, value]) => `${name}=${value}`)
      this.#due.clear()
      if (fields.length > 0) await this.#send(fields)
    }
    this.#sending = null
  }
}
