import type { HistoryMessage, Turn, TurnMessage } from '../../agent.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/**
 * A turn as a chat: system prompt, what was said before, what is to be answered. Roles alternate and the first to speak
 * is the user, because the templates of many models refuse anything else.
 */
export function toChatMessages(turn: Turn, systemPrompt: string | null): ChatMessage[] {
  const spoken: ChatMessage[] = [
    ...turn.history.map((message) => ({ role: message.role, content: remembered(message) })),
    ...turn.messages.map((message) => ({
      role: 'user' as const,
      content: named(turn.isGroup ? turn.sender : undefined, withQuote(message)),
    })),
  ]
  const firstUser = spoken.findIndex(({ role }) => role === 'user')
  const messages: ChatMessage[] = []
  for (const message of spoken.slice(Math.max(0, firstUser))) {
    const last = messages.at(-1)
    if (last?.role === message.role) last.content += `\n\n${message.content}`
    else messages.push({ ...message })
  }
  return systemPrompt === null ? messages : [{ role: 'system', content: systemPrompt }, ...messages]
}

function withQuote({ text, quoted }: TurnMessage): string {
  if (quoted === null || quoted.text === null) return text
  const quote = quoted.text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  return `${quote}\n\n${text}`
}

/** Among several people it matters who said what. */
function named(sender: HistoryMessage['sender'], text: string): string {
  const name = sender?.name ?? sender?.phoneNumber
  return name === undefined || name === null ? text : `${name}: ${text}`
}

function remembered({ text, sender, revoked, reactions }: HistoryMessage): string {
  if (revoked === true) return named(sender, '[deleted]')
  const reacted = reactions === undefined ? '' : `\n[reactions: ${reactions.join(' ')}]`
  return named(sender, text + reacted)
}
