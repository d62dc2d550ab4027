import type { AccountView } from '../../../protocol/account/account.ts'
import type { AccountConfigView, ConfigView } from '../../../protocol/config/config-view.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { WebhookView } from '../../../protocol/webhook-view.ts'
import { problemText } from '../../problem-text.ts'
import { wrapWords } from '../../wrap-words.ts'
import { accountLine } from '../accounts/account-line.ts'
import { assistantLines } from '../accounts/assistant-lines.ts'
import { businessLines } from '../accounts/business-lines.ts'
import type { DaemonStatus } from './read-status.ts'

/** A list that went wrong as a whole must not fill the screen. */
const ENTRY_PROBLEMS_SHOWN = 10
const NOTICES_SHOWN = 10

const NUMBERS_SHOWN = 20

/** The status of the daemon for a terminal of 80 columns. Words that are longer, such as paths, stay whole. */
export function statusText(status: DaemonStatus): string {
  const { daemon, accounts, config, webhooks } = status
  return [
    accountsText(daemon.address, daemon.pid, accounts, config),
    ...webhookProblems(webhooks),
    ...(daemon.log ? [lostLogText(daemon.log)] : []),
  ].join('\n\n')
}

/** Of the webhooks that work nothing is said. */
function webhookProblems(webhooks: readonly WebhookView[]): string[] {
  return webhooks.flatMap(({ place, problem, queued }) =>
    problem === null
      ? []
      : wrapWords(
          `webhook ${place} (${queued} events wait): ${problem} See: whatsappd webhooks list`,
          '',
          2,
        ).join('\n'),
  )
}

const CAUSES_OF_LOSSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk that holds it is full; make room there',
  EPIPE:
    'the program that read it has ended; start the daemon again with its output to a file or to such a program',
  EAGAIN: 'the program that reads it does not keep up',
}

function lostLogText({ lostLines, code, lastAt }: NonNullable<MethodResult<'accounts.list'>['log']>): string {
  const what = lostLines === 1 ? '1 line is missing' : `${lostLines} lines are missing`
  return `log     ${what}, the last one at ${new Date(lastAt).toLocaleString()}: ${CAUSES_OF_LOSSES[code] ?? code}`
}

const HANDED_OVER_SHOWN = 5

/** Who asked and got no word; a name proves nothing, so that it is shown in quotation marks. */
function handedOverLines({ handedOver }: AccountView): string[] {
  const waiting = handedOver ?? []
  if (waiting.length === 0) return []
  const lines = waiting.slice(0, HANDED_OVER_SHOWN).map(({ conversation, name, since }) => {
    const called = name === null ? '' : ` "${name}"`
    return `    ${conversation}${called}, since ${new Date(since).toLocaleString()}`
  })
  const more = waiting.length - lines.length
  return [
    '  wait for a person, because the assistant said nothing:',
    ...lines,
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}

/** What a person holds, and what waits for one. */
function takeoverLines({ takenOver, waiting, handedOver }: AccountView): string[] {
  const chats = (count: number): string => (count === 1 ? '1 chat' : `${count} chats`)
  const others = (waiting ?? 0) - (handedOver?.length ?? 0)
  return [
    ...(others > 0 ? [`  wait for a person, because an answer failed: ${chats(others)}`] : []),
    ...((takenOver ?? 0) > 0 ? [`  taken over by a person: ${chats(takenOver ?? 0)}`] : []),
  ]
}

function failedText({ account, failedMessages }: AccountView): string {
  const what = failedMessages === 1 ? '1 reply failed' : `${failedMessages} replies failed`
  return `${what}; see: whatsappd outbox list --account ${account}`
}

function unansweredText(count: number): string {
  const what = count === 1 ? '1 message stays' : `${count} messages stay`
  return `${what} unanswered since the start; the log says which\n    (too old, sent during a pause, in a chat that a person holds, too many, or a loop)`
}

/** Why a dashboard gets in here no more: the daemon alone knows it, as it tells strangers nothing. */
function refusedTokenLines({ refusedTokens = [] }: ConfigView): string[] {
  return refusedTokens.flatMap(({ reason, message, action, detail, count, lastAt }) => [
    `  refused token${count === 1 ? '' : 's'} (${reason}, ${count}, last ${new Date(lastAt).toLocaleString()}): ${message}`,
    `    ${detail === null ? '' : `${detail}. `}${action}`,
  ])
}

function entryProblemLines({ entryProblems = [], entryProblemsTotal = 0 }: ConfigView): string[] {
  const shown = entryProblems.slice(0, ENTRY_PROBLEMS_SHOWN)
  const others = entryProblemsTotal - shown.length
  return [
    ...shown.flatMap((problem) => wrapWords(`bad entry: ${problemText(problem)}`, '  ', 4)),
    ...(others > 0 ? [`  and ${others} more such entries; see: whatsappd status --json`] : []),
  ]
}

function noticeLines({ notices, noticesTotal = notices.length }: ConfigView): string[] {
  const shown = notices.slice(0, NOTICES_SHOWN)
  const others = noticesTotal - shown.length
  return [
    ...shown.flatMap((notice) => wrapWords(`note: ${problemText(notice)}`, '  ', 4)),
    ...(others > 0 ? [`  and ${others} more notes; see: whatsappd status --json`] : []),
  ]
}

function allowedText({ allowFrom, allowFromTotal = allowFrom.length }: AccountConfigView): string {
  if (allowFromTotal === 0) return 'nobody'
  const others = allowFromTotal - Math.min(allowFrom.length, NUMBERS_SHOWN)
  return `${allowFrom.slice(0, NUMBERS_SHOWN).join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

const TOOL_NAMES = { openclaw: 'OpenClaw', milady: 'Milady', elizaos: 'ElizaOS' } as const

function toolText({ tool }: ConfigView): string {
  return tool === undefined ? '' : ` (read as a file of ${TOOL_NAMES[tool]})`
}

function accountsText(
  authority: string,
  pid: number,
  accounts: readonly AccountView[],
  config: ConfigView,
): string {
  const lines = [
    `daemon at ${authority} (pid ${pid})`,
    `config  ${config.path ?? 'no file yet'}${toolText(config)}`,
  ]
  for (const problem of config.problems) lines.push(`  not in force: ${problemText(problem)}`)
  lines.push(...entryProblemLines(config), ...refusedTokenLines(config), ...noticeLines(config))
  for (const account of accounts) {
    const settings = config.accounts[account.account]
    lines.push('', ...wrapWords(accountLine(account), '', 2))
    if (account.linkedSince !== null)
      lines.push(`  linked since ${new Date(account.linkedSince).toLocaleString()}`)
    lines.push(...businessLines(account))
    if (account.failedMessages !== null && account.failedMessages > 0) lines.push(`  ${failedText(account)}`)
    const unanswered = account.unansweredMessages ?? 0
    if (unanswered > 0) lines.push(`  ${unansweredText(unanswered)}`)
    const { redactions = 0 } = account
    if (redactions > 0)
      lines.push(`  taken out of answers: ${redactions} × a directory or secret of this sandbox`)
    lines.push(...handedOverLines(account), ...takeoverLines(account))
    if (settings !== undefined) {
      lines.push(
        `  may talk (${settings.dmPolicy}): ${allowedText(settings)}`,
        `  answered by: ${settings.defaultAgent}${settings.hasAssistant === false ? ' (no assistant: people get their own words back)' : ''}`,
      )
    }
    lines.push(...assistantLines(account))
  }
  return lines.join('\n')
}
