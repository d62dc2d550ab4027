import { text } from '../../../config/settings/value-schemas.ts'
import type { Agent } from '../../agent.ts'
import { defineConnector } from '../../connector.ts'

/** Repeats what it hears: an assistant without keys, to try the way to WhatsApp and back. */
export const echo = defineConnector({
  name: 'echo',
  description: 'Repeats what it hears.',
  settings: { model: text.optional() },
  create: () => echoAgent,
})

export const echoAgent: Agent = {
  textFormat: 'plain',
  // oxlint-disable-next-line typescript/require-await -- the interface is a stream; this one has it all at once
  async *reply(turn) {
    yield { type: 'delta', text: turn.messages.map(({ text, written }) => written ?? text).join('\n') }
  },
}
