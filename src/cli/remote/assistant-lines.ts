import type { AccountView } from '../../protocol/account/account.ts'

/** How an account's assistant is, for a terminal. Nothing of `echo`, which is no assistant, nor of one that nobody has asked anything. */
export function assistantLines({ assistant }: Pick<AccountView, 'assistant'>): string[] {
  if (assistant === null || assistant === undefined || assistant.connector === 'echo') return []
  const { agent, ok, since, lastSuccessAt, lastFailure } = assistant
  if (ok) return lastSuccessAt === null ? [] : [`  last answer of ${agent}: ${localDate(lastSuccessAt)}`]
  const success = lastSuccessAt === null ? 'none since the daemon started' : localDate(lastSuccessAt)
  const lines = [`  ${agent} has not answered since ${localDate(since)}; last answer: ${success}`]
  if (lastFailure !== null) {
    const { message, action, code, at } = lastFailure
    lines.push(`    ${message} ${action} (${code}, ${localDate(at)})`)
  }
  return lines
}

function localDate(timestamp: string): string {
  return new Date(timestamp).toLocaleString()
}
