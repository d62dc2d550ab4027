import type { HistoryMessage, Turn, TurnMessage } from '../../agent.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** People see the owner and the assistant under one number; the model is told which words are not its own. */
const OWNER_MARK = "[The account's owner wrote this by hand:]"

/**
 * A turn as a chat: system prompt, what was said before, what is to be answered. Roles alternate and the first to speak
 * is the user, because the templates of many models refuse anything else. What the account's owner wrote by hand is on
 * the assistant's side, with a mark; with nothing of a user before it, it is on the user's side, so that it is not lost.
 */
export function toChatMessages(turn: Turn, systemPrompt: string | null): ChatMessage[] {
  const firstPerson = turn.history.findIndex(({ from }) => from === 'person')
  const isOpening = (index: number): boolean => firstPerson === -1 || index < firstPerson
  const spoken: ChatMessage[] = [
    ...turn.history.flatMap((message, index) => {
      const { from } = message
      if (from === 'assistant' && isOpening(index)) return []
      const isUser = from === 'person' || (from === 'owner' && isOpening(index))
      return [{ role: isUser ? ('user' as const) : ('assistant' as const), content: historyText(message) }]
    }),
    ...turn.messages.map((message) => ({
      role: 'user' as const,
      content: withName(turn.isGroup ? turn.sender : undefined, withQuote(message)),
    })),
  ]
  const messages: ChatMessage[] = []
  for (const message of spoken) {
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
function withName(sender: HistoryMessage['sender'], text: string): string {
  const name = sender?.name ?? sender?.phoneNumber
  return name === undefined || name === null ? text : `${name}: ${text}`
}

function historyText({ from, text, sender, revoked, reactions }: HistoryMessage): string {
  const words = revoked === true ? '[deleted]' : text
  const reacted = reactions === undefined || revoked === true ? '' : `\n[reactions: ${reactions.join(' ')}]`
  const marked = from === 'owner' ? `${OWNER_MARK}\n${words}` : words
  return withName(sender, marked + reacted)
}
