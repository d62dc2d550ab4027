import { setTimeout as delay } from 'node:timers/promises'
import { text } from '../../../config/settings/value-schemas.ts'
import type { Agent, Turn } from '../../agent.ts'
import { defineConnector } from '../../connector.ts'
import { demoAnswer } from './demo-answer.ts'

/** Between two paragraphs, so that "typing…" is seen. */
const THINKING_MS = 900

/** What `whatsappd demo` answers with: a script, without keys and without internet. */
export const demo = defineConnector({
  name: 'demo',
  description:
    'Answers from a short script, with lists, code, paragraphs, a picture and a file: the assistant of `whatsappd demo`.',
  settings: { model: text.optional() },
  create: () => demoAgent,
})

const demoAgent: Agent = {
  // It shows what an assistant is told of a file.
  hears: () => true,
  async *reply(turn, signal) {
    for (const piece of demoAnswer(questionOf(turn))) {
      await delay(THINKING_MS, undefined, { signal })
      yield typeof piece === 'string' ? { type: 'delta', text: `${piece}\n\n` } : piece
    }
  },
}

function questionOf({ messages, sender, history, isGroup }: Turn): Parameters<typeof demoAnswer>[0] {
  return {
    text: messages.map(({ text: said, written }) => written ?? said).join('\n'),
    attachments: messages.flatMap(({ attachments }) => attachments),
    name: sender.name,
    isFirst: !history.some(({ from }) => from === 'assistant'),
    isGroup,
  }
}
