import type { MethodResult } from '../../../protocol/methods.ts'
import type { DeadLetterView, WebhookView } from '../../../protocol/webhook-view.ts'
import { cutToWidth } from '../../cut-to-width.ts'
import { wrapWords } from '../../wrap-words.ts'

/** In columns of a terminal. */
const WIDTH = 80
const DEAD_SHOWN = 3

const STATES: Readonly<Record<WebhookView['state'], string>> = {
  idle: 'nothing posted yet',
  ok: 'ok',
  failing: 'FAILING',
  gone: 'OFF: its receiver wants no more events',
  misconfigured: 'OFF: nothing can be posted',
}

/** `webhooks.list` for people: a few lines a webhook, and what can be done. */
export function webhooksText({ webhooks, deadLetters }: MethodResult<'webhooks.list'>): string {
  if (webhooks.length === 0)
    return 'No webhook is named in the config file: whatsappd.webhooks, or webhooks of the channel.'
  const lines = webhooks.flatMap((webhook) => [
    ...webhookLines(webhook),
    ...deadLines(deadLetters.filter((letter) => letter.webhook === webhook.webhook)),
    '',
  ])
  const hasWork = webhooks.some(({ dead, queued }) => dead > 0 || queued > 0)
  return [
    ...lines,
    'Try one: whatsappd webhooks test <id>.',
    ...(hasWork ? ['Post at once what waits and what was given up: whatsappd webhooks retry <id>.'] : []),
  ].join('\n')
}

function webhookLines(webhook: WebhookView): string[] {
  const { webhook: id, place, target, state, problem, events, accounts, texts } = webhook
  const of = accounts === null ? '' : ` of ${accounts.join(', ')}`
  return [
    `${id}  ${STATES[state]}`,
    cutToWidth(`  ${place}  ${target}`, WIDTH),
    cutToWidth(`  ${events.join(', ')}${of}${texts ? ', with texts' : ''}`, WIDTH),
    `  ${countsOf(webhook)}`,
    ...(problem === null ? [] : wrapWords(problem, '  ')),
  ]
}

function countsOf({
  lastDeliveredAt,
  failingSince,
  nextAttemptAt,
  queued,
  dead,
  dropped,
}: WebhookView): string {
  return [
    `last arrived ${lastDeliveredAt === null ? 'never' : time(lastDeliveredAt)}`,
    ...(failingSince === null ? [] : [`failing since ${time(failingSince)}`]),
    `${queued} queued`,
    `${dead} dead`,
    ...(dropped === 0 ? [] : [`${dropped} dropped`]),
    ...(nextAttemptAt === null || failingSince === null ? [] : [`next ${time(nextAttemptAt)}`]),
  ].join(', ')
}

function deadLines(deadLetters: readonly DeadLetterView[]): string[] {
  return deadLetters
    .slice(0, DEAD_SHOWN)
    .flatMap(({ type, at, attempts, problem }) =>
      wrapWords(`dead: ${type} of ${time(at)}, ${attempts} tries. ${problem ?? ''}`.trim(), '    ', 6),
    )
}

/** Short, in the time zone of the terminal. */
function time(timestamp: string): string {
  const date = new Date(timestamp)
  const day = date.toDateString() === new Date().toDateString() ? '' : `${date.toISOString().slice(5, 10)} `
  return `${day}${date.toTimeString().slice(0, 8)}`
}
