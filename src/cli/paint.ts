import type { CommandContext } from './command-context.ts'
import { escapeUnprintable } from './escape-unprintable.ts'

const CODES = { red: '\x1b[31m', green: '\x1b[32m', dim: '\x1b[2m' } as const
const RESET = '\x1b[0m'

export type Paint = (line: string, colour: keyof typeof CODES) => string

/**
 * Colours one line, for `draw`; its control characters become escapes. As it is where nobody sees colours: without a terminal, on one that has
 * none (`TERM=dumb`), and where `NO_COLOR` is set (https://no-color.org).
 */
export function paintFor({ env, terminal }: Pick<CommandContext, 'env' | 'terminal'>): Paint {
  const isPlain = !terminal || env['TERM'] === 'dumb' || (env['NO_COLOR'] ?? '') !== ''
  return (line, colour) => {
    const escaped = escapeUnprintable(line)
    return isPlain ? escaped : `${CODES[colour]}${escaped}${RESET}`
  }
}
