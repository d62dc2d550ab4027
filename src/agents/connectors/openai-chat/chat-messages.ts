import { cutText } from '../../../text/bounded-text.ts'
import { clusterBoundary } from '../../../text/graphemes.ts'
import type { HistoryMessage, Turn, TurnMessage } from '../../agent.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** People see the owner and the assistant under one number; the model is told which words are not its own. */
const OWNER_MARK = "[The account's owner wrote this by hand:]"

/** A shortened history begins with a piece of a message only where it is at least this long. */
const MIN_PIECE = 200
const LEFT_OUT = '\n[…]\n'

/**
 * A turn as a chat: system prompt, what was said before, what is to be answered. Roles alternate and the first to speak
 * is the user, because the templates of many models refuse anything else. What the account's owner wrote by hand is on
 * the assistant's side, with a mark; with nothing of a user before it, it is on the user's side, so that it is not lost.
 * With `maxCharacters` the oldest of the history is left out, then the middle of what is to be answered; never the prompt.
 */
export function toChatMessages(
  turn: Turn,
  systemPrompt: string | null,
  maxCharacters = Number.POSITIVE_INFINITY,
): ChatMessage[] {
  const room = Math.max(0, maxCharacters - (systemPrompt?.length ?? 0))
  const asked = shortenAsked(
    turn.messages.map((message) => withName(turn.isGroup ? turn.sender : undefined, withQuote(message))),
    room,
  )
  const history = newestWithin(turn.history, room - lengthOf(asked))
  const firstPerson = history.findIndex(({ from }) => from === 'person')
  const isOpening = (index: number): boolean => firstPerson === -1 || index < firstPerson
  const spoken: ChatMessage[] = [
    ...history.flatMap((message, index) => {
      const { from } = message
      if (from === 'assistant' && isOpening(index)) return []
      const isUser = from === 'person' || (from === 'owner' && isOpening(index))
      return [{ role: isUser ? ('user' as const) : ('assistant' as const), content: historyText(message) }]
    }),
    ...asked.map((content) => ({ role: 'user' as const, content })),
  ]
  const messages: ChatMessage[] = []
  for (const message of spoken) {
    const last = messages.at(-1)
    if (last?.role === message.role) last.content += `\n\n${message.content}`
    else messages.push({ ...message })
  }
  return systemPrompt === null ? messages : [{ role: 'system', content: systemPrompt }, ...messages]
}

/** How long a chat is, in UTF-16 code units. */
export function charactersOf(messages: readonly ChatMessage[]): number {
  return lengthOf(messages.map(({ content }) => content))
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0)
}

function newestWithin(history: readonly HistoryMessage[], room: number): HistoryMessage[] {
  const kept: HistoryMessage[] = []
  let left = room
  for (const message of history.toReversed()) {
    const { length } = historyText(message)
    if (length > left && left < MIN_PIECE) break
    kept.unshift(length <= left ? message : { ...message, text: cutText(message.text, left) })
    left -= length
    if (left < 0) break
  }
  return kept
}

/** Each message gets the same share; what people ask stands at the beginning or at the end of what they paste. */
function shortenAsked(texts: readonly string[], room: number): string[] {
  if (lengthOf(texts) <= room) return [...texts]
  const share = Math.max(MIN_PIECE, Math.floor(room / texts.length))
  return texts.map((text) => {
    if (text.length <= share) return text
    const half = Math.floor((share - LEFT_OUT.length) / 2)
    return `${text.slice(0, clusterBoundary(text, half))}${LEFT_OUT}${text.slice(clusterBoundary(text, text.length - half))}`
  })
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
