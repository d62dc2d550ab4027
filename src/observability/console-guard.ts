import type { Logger } from './log/logger.ts'

/** Known output of dependencies: how it begins, and the word that replaces it in the log. */
const KNOWN_OUTPUT: readonly (readonly [beginning: string, word: string])[] = [
  ['Closing session', 'session_closed'],
  ['Opening session', 'session_opened'],
  ['Removing old closed session', 'session_removed'],
  ['Session already', 'session_state'],
  ['Session error', 'session_error'],
  ['Failed to decrypt', 'decrypt_failed'],
  ['Decrypted message with closed session', 'closed_session_used'],
  ['Closing open session', 'session_replaced'],
  ['V1 session storage', 'session_migration'],
  ['Migrating session', 'session_migration'],
  ['WARNING: Expected pubkey', 'public_key_length'],
]

const SILENCED_METHODS = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'dir',
  'dirxml',
  'table',
  'group',
  'groupCollapsed',
  'assert',
  'count',
  'timeEnd',
  'timeLog',
] as const

export interface ConsoleGuard {
  /** How often each kind of output was suppressed since the guard was installed. */
  readonly counts: ReadonlyMap<string, number>
  uninstall(): void
}

/**
 * Suppresses everything that dependencies write with `console.*`: libsignal prints whole sessions, private keys included.
 * The log gets a word and a count at `debug`, after 1, 2, 4, 8, … calls. Install it before such a dependency is imported.
 * Our own output never uses `console`.
 */
export function installConsoleGuard(logger: Logger): ConsoleGuard {
  const counts = new Map<string, number>()
  const record = (first: unknown): void => {
    const word = wordFor(first)
    const count = (counts.get(word) ?? 0) + 1
    counts.set(word, count)
    if (Number.isInteger(Math.log2(count)))
      logger.debug({ output: word, count }, 'a dependency wrote to the console')
  }
  const originals = SILENCED_METHODS.map((method) => [method, console[method]] as const)
  const silenced = SILENCED_METHODS.map((method) => [
    method,
    method === 'assert'
      ? (condition?: unknown, message?: unknown): void => (condition === true ? undefined : record(message))
      : record,
  ])
  Object.assign(console, Object.fromEntries(silenced))
  return {
    counts,
    uninstall: () => void Object.assign(console, Object.fromEntries(originals)),
  }
}

function wordFor(first: unknown): string {
  if (typeof first !== 'string') return 'other'
  return KNOWN_OUTPUT.find(([beginning]) => first.startsWith(beginning))?.[1] ?? 'other'
}
