import { againInAnHour, type Failure, isTokenEnded, reasonOfProblem } from './reason-of-problem.ts'
import { DONE, RUNNING, type SetUpContext, skipped, stepOf } from './set-up-context.ts'

/** Counted from the sign-up; later Meta refuses it, and the owner would have to disconnect and sign up again. */
const PERIOD_MS = 24 * 60 * 60_000
const SYNCS = ['smb_app_state_sync', 'history'] as const
/** Meta's words for a sync that was asked for already, or that came too late. */
const OVER: ReadonlySet<number | null> = new Set([2_593_107, 2_593_108])

/**
 * Asks for what the Business app knows, first the contacts, then the messages: each once, within 24 hours after a coexistence sign-up.
 * Source: `POST /<phone number id>/smb_app_data`. A refusal keeps nothing else from working.
 */
export async function requestSync(context: SetUpContext): Promise<Failure | null> {
  const { ask, credentials, facts, file, report, now } = context
  if (file.current?.isCoexistence !== true) return null
  const { connectedAt } = facts.current
  const open = SYNCS.filter((sync) => !facts.current.synced.includes(sync))
  if (open.length > 0 && (connectedAt === null || now() - connectedAt > PERIOD_MS)) {
    report('sync', skipped('The 24 hours after the sign-up are over: earlier messages stay on the phone.'))
    return null
  }
  if (open.length > 0) report('sync', RUNNING)
  for (const sync of open) {
    const answer = await ask({
      method: 'POST',
      path: `${credentials().phoneNumberId}/smb_app_data`,
      json: { messaging_product: 'whatsapp', sync_type: sync },
    })
    if (!answer.ok && !OVER.has(answer.problem.code)) {
      const failure = reasonOfProblem(answer.problem)
      report('sync', stepOf(failure))
      return isTokenEnded(failure) ? failure : againInAnHour(failure)
    }
    facts.update({ synced: [...facts.current.synced, sync] })
  }
  report('sync', DONE)
  return null
}
