import type { OutboxEntry, OutboxList } from '../../protocol/outbox-entry.ts'
import { localTime } from './account-line.ts'

const WAITS: Readonly<Record<NonNullable<OutboxEntry['waitsFor']>, string>> = {
  connection: 'waits for the connection',
  pace: 'waits for the pace limits',
  retry: 'waits for its next try',
  turn: 'waits for its turn',
}
const TEXT_WIDTH = 60

/** `outbox.list` for people: one line a message, and what can be done. */
export function outboxText(list: OutboxList): string {
  if (list.messages.length === 0) return 'Nothing waits, and nothing failed.'
  const paced = list.pacedUntil === null ? '' : `; the pace limits hold until ${localTime(list.pacedUntil)}`
  const lines = [`${list.queued} queued, ${list.failed} failed${paced}`, '']
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

function stateText({ waitsFor, failure }: OutboxEntry): string {
  if (failure !== null) return `${failure.code}: ${failure.message}`
  return waitsFor === null ? '' : WAITS[waitsFor]
}

/** One line without control characters, which a terminal would obey. */
function preview(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= TEXT_WIDTH ? line : `${characters.slice(0, TEXT_WIDTH).join('')}…`
}
