import { expect, it } from 'vitest'
import type { Agent, ReplyPart } from '../../../src/agents/agent.ts'
import { MAX_REPLY_LENGTH } from '../../../src/conversations/replies/reply-text.ts'
import { LogLines } from '../../support/log-lines.ts'
import { ALICE, Desk } from './desk.ts'

const speaker = (part: ReplyPart): Agent => ({
  async *reply(): AsyncGenerator<ReplyPart> {
    await Promise.resolve()
    yield part
  },
})

it.each<[string, ReplyPart, RegExp | null]>([
  ['by its server', { type: 'delta', text: 'the beginning…', isCut: true }, /its server ended it early/],
  [
    'for its length',
    { type: 'delta', text: 'word '.repeat(MAX_REPLY_LENGTH) },
    /longer than any that is sent/,
  ],
  ['not at all', { type: 'delta', text: 'all of it' }, null],
])('an answer that is cut %s leaves a line in the log', async (_how, part, line) => {
  const log = new LogLines()
  const desk = new Desk({}, log.logger)
  desk.agent = speaker(part)
  desk.conversations.start()
  desk.receive(ALICE, 'question')
  await desk.until(() => desk.named('agent.turnFinished').length === 1)
  const said = log.complaints.filter((each) => each.includes('the answer is cut'))
  if (line === null) expect(said).toEqual([])
  else expect(said).toEqual([expect.stringMatching(line)])
})
