import type { CommandContext } from './command-context.ts'
import { CommandFailure, INTERRUPTED_EXIT_CODE } from './command-failure.ts'

export interface ConsentRequest {
  /** What would be done, and what is lost by it: whole sentences. */
  effect: string
  question: string
  /** Given on the command line already. */
  isGiven: boolean
}

/** Goes on only with a yes: from the command line, or from the person at the terminal. Throws `CommandFailure` otherwise. */
export async function requireConsent(context: CommandContext, request: ConsentRequest): Promise<void> {
  const { effect, question, isGiven } = request
  if (isGiven) return
  if (context.ask === null) throw new CommandFailure(`${effect} Repeat it with --yes to go on.`)
  if (await context.ask(`${effect} ${question}`)) return
  throw new CommandFailure(
    'nothing was changed',
    context.signal.aborted ? { exitCode: INTERRUPTED_EXIT_CODE } : {},
  )
}
