import type { Charges } from '../../conversations/usage/charge-store.ts'
import { type Usage, monthOf } from '../../conversations/usage/usage-store.ts'
import type { ConfigSource } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { AccountsPort, UsagePort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { resolveAccount } from './resolve-account.ts'

export interface UsageHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource
  now: () => Date
}

type AccountUsage = MethodResult<'usage.get'>['accounts'][number]['usage']

export function usageHandlers({ accounts, config, now }: UsageHandlerDeps): NamespaceHandlers<'usage'> {
  return {
    'usage.get': ({ account, month = monthOf(now().getTime()) }) => {
      const ids =
        account === undefined
          ? Object.keys(config.current.accounts)
          : [resolveAccount(config.current, account)]
      const ports = ids.map((id) => ({ id, port: portOf(accounts, id) }))
      const months = new Set(ports.flatMap(({ port }) => port?.months() ?? []))
      return {
        month,
        accounts: ports.map(({ id, port }) => ({
          account: id,
          usage: port && usageView(port.of(month), port.charges(month)),
        })),
        months: [...months].toSorted().toReversed(),
      }
    },
  }
}

/** `null` while the files of the account are closed. */
function portOf(accounts: AccountsPort, id: string): UsagePort | null {
  try {
    return accounts.usage(id)
  } catch (error) {
    if (error instanceof DaemonError) return null
    throw error
  }
}

function usageView(usage: Usage, charges: Charges | null): AccountUsage {
  const { answers, messagesIn, messagesOut, toldAnswers, inputTokens: input, outputTokens: output } = usage
  const isTold = toldAnswers + input + output > 0
  return {
    answers,
    messagesIn,
    messagesOut,
    tokens: isTold ? { input, output, answers: toldAnswers } : null,
    charges: charges && chargesView(charges),
  }
}

/** Meta's page of 30 Sep 2026, as others quote it; it could not be read itself. */
const FREE_TIER = { limit: 1_000, isConfirmed: false } as const

function chargesView({ categories, freeTierUsed }: Charges): NonNullable<AccountUsage>['charges'] {
  const sum = (of: 'charged' | 'free'): number =>
    categories.reduce((total, category) => total + category[of], 0)
  return {
    charged: sum('charged'),
    free: sum('free'),
    categories: categories.map(({ category, charged, free }) => ({
      category: cleanLine(category, TEXT_LIMITS.name),
      charged,
      free,
    })),
    freeTier: { used: freeTierUsed, ...FREE_TIER },
  }
}
