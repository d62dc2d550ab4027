/** What a command gets from the process it runs in; `main.ts` fills it, tests may too. */
export interface CommandContext {
  env: NodeJS.ProcessEnv
  version: string
  /** The installed tree: where `package.json` and the example config are. */
  packageRoot: string
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  /** Product output, whole lines. */
  print(text: string): void
  /** Whether a person reads `print`. */
  terminal: boolean
  /** Puts a yes-or-no question to the person at the terminal; `null` where there is none. Anything but a yes is a no. */
  ask: ((question: string) => Promise<boolean>) | null
}
