import { checkNumber } from './check-number.ts'
import { checkToken } from './check-token.ts'
import type { Failure } from './reason-of-problem.ts'
import { readHealth } from './read-health.ts'
import { registerNumber } from './register-number.ts'
import { requestSync } from './request-sync.ts'
import type { SetUpContext } from './set-up-context.ts'
import { subscribeApp } from './subscribe-app.ts'

/** How bringing a number up came out. `later`: it works, and something of it has to be asked for again. */
export type SetUpResult = { isUp: true; later: Failure | null } | { isUp: false; failure: Failure }

/** In this order: a number that moves from another provider can be registered only once an app gets its webhooks. */
const STEPS = [
  { run: checkToken, isRequired: true },
  { run: checkNumber, isRequired: true },
  { run: subscribeApp, isRequired: false },
  { run: registerNumber, isRequired: true },
  { run: readHealth, isRequired: false },
  { run: requestSync, isRequired: false },
] as const

/**
 * Brings a Business number up, step by step: each looks first whether it is done already, so that this may begin again at any time, after a
 * kill too. Ends at the first step that must be done and fails. Throws `StorageError`.
 */
export async function setUp(context: SetUpContext): Promise<SetUpResult> {
  let later: Failure | null = null
  for (const { run, isRequired } of STEPS) {
    const failure = await run(context)
    if (failure === null) continue
    if (isRequired || failure.kind === 'end') return { isUp: false, failure }
    later = failure
  }
  return { isUp: true, later }
}
