import type { Agent } from '../../agent.ts'

/** Says what it was told: an assistant without keys, to try the way to WhatsApp and back. */
export const echoAgent: Agent = {
  textFormat: 'plain',
  // oxlint-disable-next-line typescript/require-await -- the interface is a stream; this one has it all at once
  async *reply(turn) {
    yield { type: 'delta', text: turn.messages.map(({ text }) => text).join('\n') }
  },
}
