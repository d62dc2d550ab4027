import { describe, expect, it } from 'vitest'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import type { Agent } from '../../../../src/agents/agent.ts'
import { textParts } from '../../../../src/messaging/content.ts'
import { ALICE, Desk } from '../desk.ts'

const month = new Date().toISOString().slice(0, 7)

/** Answers in two messages and a reaction, and tells tokens twice, as for two calls of a model. */
const agent: Agent = {
  textFormat: 'plain',
  async *reply() {
    yield { type: 'usage', inputTokens: 100, outputTokens: 10 }
    yield { type: 'delta', text: 'one' }
    yield { type: 'location', latitude: 1, longitude: 2 }
    yield { type: 'reaction', emoji: '👍' }
    yield { type: 'usage', inputTokens: 50, outputTokens: 5 }
  },
}

describe('what an account does in a month', () => {
  it('is counted: turns and not messages, what came and what is out, and what the agent tells', async () => {
    const desk = new Desk()
    desk.agent = agent
    desk.conversations.start()
    const { id } = desk.receive(ALICE, 'a question')
    desk.receive('+15550007777', 'a stranger')
    const out = (): unknown[] =>
      desk.database.prepare("SELECT sequence FROM outbox WHERE state = 'acknowledged'").all()
    await desk.until(() => out().length === 3)
    desk.receive(ALICE, '', {
      content: { kind: 'edit', targetId: id, parts: textParts('a better question') },
    })
    await desk.settle()
    expect(desk.conversations.usage.of(month)).toEqual({
      answers: 1,
      messagesIn: 1,
      messagesOut: 2,
      toldAnswers: 1,
      inputTokens: 150,
      outputTokens: 15,
    })
  })

  it('is counted once, whatever crashes, and the same message that comes again is none', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const message = desk.receive(ALICE, 'a question')
    desk.conversations.received(message)
    await desk.until(() => desk.named('message.sent').length === 1)
    desk.crash()
    desk.conversations.start()
    desk.conversations.received(message)
    await desk.settle()
    const [localId = ''] = desk.database
      .prepare('SELECT message_id FROM outbox')
      .all()
      .map((row) => (row as { message_id: string }).message_id)
    desk.conversations.statusChanged({ localId, remoteId: localId, status: 'delivered' })
    desk.conversations.statusChanged({ localId, remoteId: localId, status: 'read' })
    await desk.until(() => desk.named('message.read').length === 1)
    expect(desk.conversations.usage.of(month)).toMatchObject({ answers: 1, messagesIn: 1, messagesOut: 1 })
  })

  it('has the tokens of an answer that failed, and no answer', async () => {
    const desk = new Desk()
    desk.agent = {
      async *reply() {
        yield { type: 'usage', inputTokens: 7, outputTokens: 3 }
        throw new AgentError('no_answer', 'the assistant thought, and gave no answer')
      },
    }
    desk.conversations.start()
    desk.receive(ALICE, 'a question')
    await desk.until(() => desk.conversations.usage.of(month).inputTokens > 0)
    expect(desk.conversations.usage.of(month)).toMatchObject({ answers: 0, toldAnswers: 0, outputTokens: 3 })
  })
})
