import type { AccountView } from '../../../protocol/account/account.ts'
import type { AssistantView } from '../../../protocol/account/assistant.ts'

/** How an account's assistant is, for a terminal. Nothing of `echo`, which is no assistant, nor of one that nobody has asked anything. */
export function assistantLines({ assistant }: Pick<AccountView, 'assistant'>): string[] {
  if (assistant === null || assistant === undefined || assistant.connector === 'echo') return []
  return [...answerLines(assistant), ...voiceLines(assistant)]
}

function answerLines({ agent, ok, since, lastSuccessAt, lastFailure }: AssistantView): string[] {
  if (ok) return lastSuccessAt === null ? [] : [`  last answer of ${agent}: ${localDate(lastSuccessAt)}`]
  const success = lastSuccessAt === null ? 'none since the daemon started' : localDate(lastSuccessAt)
  const lines = [`  ${agent} has not answered since ${localDate(since)}; last answer: ${success}`]
  return lastFailure === null ? lines : [...lines, failureLine(lastFailure)]
}

function voiceLines({ transcription }: AssistantView): string[] {
  if (transcription === undefined || transcription.ok || transcription.lastFailure === null) return []
  const { since, lastFailure } = transcription
  return [`  no voice message was written down since ${localDate(since)}`, failureLine(lastFailure)]
}

function failureLine({ message, action, code, at }: NonNullable<AssistantView['lastFailure']>): string {
  return `    ${message} ${action} (${code}, ${localDate(at)})`
}

function localDate(timestamp: string): string {
  return new Date(timestamp).toLocaleString()
}
