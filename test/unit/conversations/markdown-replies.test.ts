import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Agent } from '../../../src/agents/agent.ts'
import { ALICE, Desk } from './desk.ts'

const ANSWER = [
  '1. **Install** it:\n',
  '\n',
  '   ```python\n',
  '   def __init__(self):\n',
  '\n',
  '       self.a = 2 * 3 * 4\n',
  '   ```\n',
  '\n',
  '2. Run it.\n',
  '\n',
  '| Command | What |\n',
  '|---|---|\n',
  '| `ls` | lists |\n',
  '\n',
  '<tool_call>\n{"name": "look"}\n\n</tool_call>\n',
  '**Done.**',
]
const LIST = '1. *Install* it:\n\n```\ndef __init__(self):\n\n    self.a = 2 * 3 * 4\n```\n\n2. Run it.'
const TABLE = '*Command: `ls`*\n- What: lists'

/** Code under a list item came as five messages when it was written slowly, with its underscores in bold. */
describe('an answer in Markdown', () => {
  const answered = async (
    pause: number,
    overrides: ConstructorParameters<typeof Desk>[0],
  ): Promise<string[]> => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const agent: Agent = {
      async *reply() {
        for (const text of ANSWER) {
          await new Promise((resolve) => setTimeout(resolve, pause))
          yield { type: 'delta', text }
        }
      },
    }
    const desk = new Desk(overrides)
    desk.agent = agent
    desk.conversations.start()
    desk.receive(ALICE, 'how?')
    await desk.until(() => desk.named('agent.turnFinished').length === 1)
    await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
    return desk.transport.texts()
  }

  it.each([1, 400, 1_500])('is the same in paragraphs, written with pauses of %d ms', async (pause) => {
    const texts = await answered(pause, { blockStreaming: false })
    expect(texts.join('\n\n')).toBe([LIST, TABLE, '*Done.*'].join('\n\n'))
    if (pause === 1_500) expect(texts).toEqual([LIST, TABLE, '*Done.*'])
  })

  it('is one message as a whole', async () => {
    expect(await answered(1, { blockStreaming: true })).toEqual([[LIST, TABLE, '*Done.*'].join('\n\n')])
  })

  it('is cut without a mark left open', async () => {
    const texts = await answered(1, { blockStreaming: true, textChunkLimit: 50 })
    expect(texts.length).toBeGreaterThan(2)
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(50)
      expect(text.split('```').length % 2).toBe(1)
    }
    expect(texts.join('').replaceAll(/[\s`]/g, '')).toBe(
      [LIST, TABLE, '*Done.*'].join('').replaceAll(/[\s`]/g, ''),
    )
  })
})
