import { redactText } from '../../../observability/log/redact-text.ts'
import type { DoctorFinding } from '../../../protocol/doctor-report.ts'
import { withDeadline } from '../../../timing/deadline.ts'
import { describeFailure } from '../../describe-failure.ts'
import { type Check, type Found, problem } from './check.ts'
import { ACCOUNT_CHECKS } from './checks/account-checks.ts'
import { AGENT_CHECKS } from './checks/agent-checks.ts'
import { BUSINESS_CHECKS } from './checks/business-checks.ts'
import { CONFIG_CHECKS } from './checks/config-checks.ts'
import { CONTROL_CHECKS } from './checks/control-checks.ts'
import { MACHINE_CHECKS } from './checks/machine-checks.ts'
import { NETWORK_CHECKS } from './checks/network-checks.ts'
import { PROCESS_CHECKS } from './checks/process-checks.ts'
import { STATE_CHECKS } from './checks/state-checks.ts'
import { STORED_CHECKS } from './checks/stored-checks.ts'
import { VOICE_CHECKS } from './checks/voice-checks.ts'
import { WEBHOOK_CHECKS } from './checks/webhook-checks.ts'
import type { DoctorFacts } from './doctor-facts.ts'

/** Everything that `whatsappd doctor` looks at, in the order in which it is printed. A new check is a line of one of these lists. */
export const CHECKS: readonly Check[] = [
  ...PROCESS_CHECKS,
  ...MACHINE_CHECKS,
  ...STATE_CHECKS,
  ...STORED_CHECKS,
  ...CONFIG_CHECKS,
  ...CONTROL_CHECKS,
  ...NETWORK_CHECKS,
  ...ACCOUNT_CHECKS,
  ...BUSINESS_CHECKS,
  ...AGENT_CHECKS,
  ...VOICE_CHECKS,
  ...WEBHOOK_CHECKS,
]

const CHECK_LIMIT_MS = 15_000

/** What all checks find. One that fails itself, or takes too long, is a finding. Never rejects. */
export async function runChecks(
  facts: DoctorFacts,
  signal: AbortSignal,
  checks: readonly Check[] = CHECKS,
): Promise<DoctorFinding[]> {
  const found = await Promise.all(
    checks.map(async (check) => {
      const results = await runCheck(check, facts, signal)
      return results.map((each): DoctorFinding => ({ ...each, check: each.check ?? check.id }))
    }),
  )
  return found.flat()
}

async function runCheck(
  { id, looksAt, look }: Check,
  facts: DoctorFacts,
  signal: AbortSignal,
): Promise<Found[]> {
  const limit = new AbortController()
  try {
    const work = Promise.resolve(look(facts, AbortSignal.any([signal, limit.signal])))
    return await withDeadline(work, CHECK_LIMIT_MS, () => {
      limit.abort()
      return [
        problem(
          `The check ${id} did not end within ${CHECK_LIMIT_MS / 1_000} s.`,
          `Look at it by hand; docs/doctor.md says what ${id} looks at.`,
        ),
      ]
    })
  } catch (error) {
    return [problem(redactText(describeFailure(error).line), `This check failed: ${looksAt}.`)]
  }
}
