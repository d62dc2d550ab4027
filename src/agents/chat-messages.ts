import type { Turn, TurnMessage } from './agent.ts'

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
    ...turn.history.map(({ role, text }) => ({ role, content: text })),
    ...turn.messages.map((message) => ({ role: 'user' as const, content: withQuote(message) })),
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
