import type { OutboxEntry, OutboxList } from '../../../protocol/outbox-entry.ts'
import { cutToWidth } from '../../cut-to-width.ts'
import { localTime } from '../accounts/account-line.ts'

const WAITS: Readonly<Record<NonNullable<OutboxEntry['waitsFor']>, string>> = {
  connection: 'waits for the connection',
  pace: 'waits for the pace limits',
  limit: 'waits, because WhatsApp takes nothing for it now',
  status: 'waits for WhatsApp to tell whether it went out',
  retry: 'waits for its next try',
  turn: 'waits for its turn',
}
/** In columns of a terminal. */
const TEXT_WIDTH = 60

/** `outbox.list` for people: one line a message, and what can be done. */
export function outboxText(list: OutboxList): string {
  if (list.messages.length === 0) return 'Nothing waits, and nothing failed.'
  const paced = list.pacedUntil === null ? '' : `; the pace limits hold until ${localTime(list.pacedUntil)}`
  const lines = [`${list.queued} queued, ${list.failed} failed${paced}`]
  if (list.hold != null)
    lines.push(`Nothing goes out until ${localTime(list.hold.until)}: ${list.hold.message}`)
  lines.push('')
  const idWidth = Math.max(...list.messages.map(({ messageId }) => messageId.length))
  const toWidth = Math.max(...list.messages.map(({ conversation }) => conversation.length))
  for (const entry of list.messages) {
    const { messageId, conversation, state } = entry
    lines.push(`${messageId.padEnd(idWidth)}  ${conversation.padEnd(toWidth)}  ${state}  ${stateText(entry)}`)
    lines.push(`  ${preview(entry.text)}`)
  }
  if (list.more) lines.push('', 'There are older ones.')
  if (list.failed > 0) {
    lines.push(
      '',
      'Send one again: whatsappd outbox retry <id>. Throw it away: whatsappd outbox discard <id>.',
    )
  }
  return lines.join('\n')
}

function stateText({ waitsFor, failure, hold }: OutboxEntry): string {
  if (failure !== null) return `${failure.code}: ${failure.message}`
  if (hold != null) return `waits until ${localTime(hold.until)}: ${hold.message}`
  return waitsFor === null ? '' : WAITS[waitsFor]
}

/** One line without control characters, which a terminal would obey. */
function preview(text: string): string {
  return cutToWidth(text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim(), TEXT_WIDTH)
}
