import { text } from '../../../config/settings/value-schemas.ts'
import type { Agent, TurnAttachment } from '../../agent.ts'
import { defineConnector } from '../../connector.ts'
import { filesOfTurn } from '../../turn-files/files-of-turn.ts'
import { openTurnFile } from '../../turn-files/open-turn-file.ts'

/** Repeats what it hears: an assistant without keys, to try the way to WhatsApp and back. */
export const echo = defineConnector({
  name: 'echo',
  description: 'Repeats what it hears.',
  settings: { model: text.optional() },
  create: () => echoAgent,
})

export const echoAgent: Agent = {
  textFormat: 'plain',
  async *reply(turn) {
    const lines = turn.messages.map(({ text, written }) => written ?? text)
    for (const file of filesOfTurn(turn)) lines.push(await describeFile(file))
    yield { type: 'delta', text: lines.join('\n') }
  },
}

/** What was got of a file, by its bytes. */
async function describeFile({ what, path, mimeType, problem }: TurnAttachment): Promise<string> {
  const opened = path === null ? null : await openTurnFile(path)
  if (opened === null) return `(${what}: ${problem ?? 'no file'})`
  await opened.file.close()
  return `(${what}: ${mimeType ?? 'unknown type'}, ${opened.size} bytes)`
}
