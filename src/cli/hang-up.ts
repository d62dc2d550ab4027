import { isatty } from 'node:tty'

/** Set by the first lines of the program, because Node itself takes every ignored signal back. */
const IGNORED = 'WHATSAPPD_IGNORED_SIGHUP'

/**
 * What SIGHUP means. Started with it ignored (`nohup`): nothing. The terminal of the command is closed: the end. Otherwise
 * whoever listens is told, as it is usual for daemons; where nobody does, it is the end, too.
 */
export class HangUp {
  readonly #end: () => void
  readonly #isIgnored: boolean
  readonly #terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor))
  readonly #listeners = new Set<() => void>()

  /** Takes what it needs out of `env`: programs that this one starts do not inherit it. */
  constructor(env: NodeJS.ProcessEnv, end: () => void) {
    this.#end = end
    this.#isIgnored = env[IGNORED] === '1'
    delete env[IGNORED]
  }

  /** Returns a function that ends it. */
  readonly onRequest = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  get isTerminalClosed(): boolean {
    // One that is closed answers nothing any more.
    return this.#terminals.some((descriptor) => !isatty(descriptor))
  }

  /** The process has received SIGHUP. */
  received(): void {
    if (this.#isIgnored) return
    if (this.isTerminalClosed || this.#listeners.size === 0) this.#end()
    else for (const listener of this.#listeners) listener()
  }
}
