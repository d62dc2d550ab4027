import type { TextQuestion } from './ask-text.ts'

export interface TerminalSize {
  columns: number
  rows: number
}

/** What a command gets from the process it runs in; `main.ts` fills it, tests may too. */
export interface CommandContext {
  env: NodeJS.ProcessEnv
  version: string
  /** The installed tree: where `package.json` and the example config are. */
  packageRoot: string
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  /**
   * Calls at SIGHUP, unless that ends the command or is ignored; `hang-up.ts` says when. Without a listener it ends the
   * command. Returns a function that ends it.
   */
  onHangUp(listener: () => void): () => void
  /** Product output, whole lines. Control characters are shown as escapes, so that a terminal does not obey them. */
  print(text: string): void
  /** The same for what we draw ourselves, with its colours. Never with a text from outside. */
  draw(text: string): void
  /** A line for the person beside the output, on standard error: how far something is. */
  note(text: string): void
  /** Resolves when what was printed is written: a reader that is slow fills no memory. */
  printed(): Promise<void>
  /** Whether a person reads `print`. */
  terminal: boolean
  /** Of the terminal that `print` goes to, as it is now; `null` where there is none or it does not tell. */
  terminalSize(): TerminalSize | null
  /** Calls when that size changes. Returns a function that ends it. */
  onResize(listener: () => void): () => void
  /** Puts a yes-or-no question to the person at the terminal; `null` where there is none. Anything but a yes is a no. */
  ask: ((question: string) => Promise<boolean>) | null
  /** Asks for a text, of any length where it is pasted, until `signal` is aborted; `null` where there is no terminal. */
  askText: ((question: TextQuestion, signal: AbortSignal) => Promise<string | null>) | null
}
