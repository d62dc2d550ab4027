import { vi } from 'vitest'
import type { AnsweringAgent, Turn } from '../../../../src/agents/agent.ts'
import type { AnswerPiece } from '../../../../src/conversations/replies/answer-piece.ts'
import { toReplyParts } from '../../../../src/conversations/replies/reply-text.ts'
import { type ReplyStreamInput, streamReply } from '../../../../src/conversations/replies/reply-stream.ts'
import { ThoughtHabits } from '../../../../src/conversations/replies/thought-habits.ts'

const SETTINGS = {
  chunkMode: 'newline',
  markdown: { tables: 'bullets' },
  messagePrefix: '',
  responsePrefix: '',
} as const
const redaction = { plain: (text: string) => text, formatted: <Text>(text: Text) => text }
// No connector is behind the agent of this test, which looks at nothing of the turn but its model.
const TURN = { model: null } as Turn

interface Manner {
  format: 'plain' | 'markdown'
  isStreamed: boolean
  coalesce: ReplyStreamInput['coalesce']
  textChunkLimit: number
}

/** The messages of an answer that comes in these pieces, each behind a pause in which everything that waits goes out. Needs fake timers. */
export async function messagesOf(pieces: readonly string[], manner: Manner): Promise<string[]> {
  const messages: string[] = []
  const add = (piece: AnswerPiece): void => {
    if (piece.kind !== 'words') return
    const { text, reader } = piece
    const { textChunkLimit } = manner
    const parts = toReplyParts(text, { ...SETTINGS, textChunkLimit }, { first: false, reader, redaction })
    messages.push(...parts.map((part) => part.text))
  }
  const agent: AnsweringAgent = {
    textFormat: manner.format,
    async *reply() {
      for (const text of pieces) {
        await Promise.resolve()
        vi.advanceTimersByTime(5_000)
        yield { type: 'delta', text }
      }
      vi.advanceTimersByTime(5_000)
    },
  }
  const rest = await streamReply({
    agent,
    turn: TURN,
    signal: new AbortController().signal,
    habits: new ThoughtHabits(),
    skip: 0,
    pieces: manner.isStreamed ? add : null,
    prepare: () => Promise.reject(new Error('there are no items')),
    coalesce: manner.coalesce,
    cut: () => {},
    used: () => {},
  })
  for (const piece of rest) add(piece)
  return messages
}

/** `text` cut at these places, in whatever order. */
export const pieced = (text: string, cuts: readonly number[]): string[] => {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((one, other) => one - other)
  return [0, ...at].map((start, index) => text.slice(start, at[index])).filter((piece) => piece !== '')
}

/** Blank lines are where messages end. */
export const shownTogether = (messages: readonly string[]): string =>
  messages
    .join('\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n(?:[> \t]*\n)+/g, '\n')
    .trim()
