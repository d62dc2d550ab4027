import type { BusinessAccount } from './business-account.ts'
import type { BusinessNumber } from './business-number.ts'

type HealthEntity = 'PHONE_NUMBER' | 'WABA' | 'BUSINESS' | 'APP'

/** What keeps an entity from sending, or limits it. */
export interface HealthProblem {
  entity: HealthEntity
  canSend: 'LIMITED' | 'BLOCKED'
  /** Of what is blocked. */
  error?: { code: number; description: string; solution: string }
  /** Of what is limited. */
  info?: string
}

const NO_PAYMENT: HealthProblem = {
  entity: 'WABA',
  canSend: 'BLOCKED',
  error: {
    code: 141_006,
    description: 'There is an error with the payment method.',
    solution: 'There was an error with your payment method. Please add a new payment method to the account.',
  },
}

/**
 * `health_status` of a number: of itself and of everything that a message of it goes through. The whole is as bad as the worst of them. Source: Meta,
 * `support/health-status`.
 */
export function numberHealth(number: BusinessNumber): object {
  const { phoneNumberId, state, account } = number
  const own: HealthProblem[] =
    state.status === 'CONNECTED'
      ? []
      : [
          {
            entity: 'PHONE_NUMBER',
            canSend: 'BLOCKED',
            error: {
              code: 141_000,
              description: `The phone number is ${state.status}`,
              solution: 'Register the phone number',
            },
          },
        ]
  const problems = [...own, ...problemsOf(account), ...number.healthProblems]
  return summary([['PHONE_NUMBER', phoneNumberId], ...idsOf(account, number)], problems)
}

/** `health_status` of an account, which has no number in it. */
export function accountHealth(account: BusinessAccount): object {
  const problems = account.numbers.flatMap(({ healthProblems }) => healthProblems)
  return summary(idsOf(account, account.numbers[0]), [
    ...problemsOf(account),
    ...problems.filter(({ entity }) => entity !== 'PHONE_NUMBER'),
  ])
}

function problemsOf({ hasPayment }: BusinessAccount): HealthProblem[] {
  return hasPayment ? [] : [NO_PAYMENT]
}

function idsOf(account: BusinessAccount, number: BusinessNumber | undefined): [HealthEntity, string][] {
  return [
    ['WABA', account.id],
    ['BUSINESS', account.portfolio.id],
    ['APP', number?.app.id ?? '0'],
  ]
}

function summary(ids: readonly [HealthEntity, string][], problems: readonly HealthProblem[]): object {
  const entities = ids.map(([entity, id]) => {
    const own = problems.filter((problem) => problem.entity === entity)
    const errors = own.flatMap(({ error }) =>
      error === undefined
        ? []
        : {
            error_code: error.code,
            error_description: error.description,
            possible_solution: error.solution,
          },
    )
    const infos = own.flatMap(({ info }) => info ?? [])
    return {
      entity_type: entity,
      id,
      can_send_message: worst(own),
      ...(errors.length === 0 ? {} : { errors }),
      ...(infos.length === 0 ? {} : { additional_info: infos }),
    }
  })
  return { can_send_message: worst(problems), entities }
}

function worst(problems: readonly HealthProblem[]): 'AVAILABLE' | 'LIMITED' | 'BLOCKED' {
  if (problems.some(({ canSend }) => canSend === 'BLOCKED')) return 'BLOCKED'
  return problems.length === 0 ? 'AVAILABLE' : 'LIMITED'
}
