// People read what a model thought before it answered: `<think>The user wants…`.
import { describe, expect, it } from 'vitest'
import type { Agent, HistoryMessage, ReplyPart } from '../../../src/agents/agent.ts'
import { ALICE, Desk } from './desk.ts'

/** Says these pieces, each in a turn of the event loop of its own. */
class Speaker implements Agent {
  pieces: string[]
  history: HistoryMessage[] = []
  isCut = false
  readonly mayThinkUnmarked: () => boolean
  /** Waits before the rest: until when. */
  readonly pause: { before: string; until: Promise<void> } | null

  constructor(
    pieces: string[],
    more: { mayThinkUnmarked?: boolean; pause?: { before: string; until: Promise<void> } } = {},
  ) {
    this.pieces = pieces
    this.mayThinkUnmarked = () => more.mayThinkUnmarked ?? false
    this.pause = more.pause ?? null
  }

  async *reply({ history }: { history: HistoryMessage[] }): AsyncGenerator<ReplyPart> {
    this.history = history
    for (const text of this.pieces) {
      if (text === this.pause?.before) await this.pause.until
      yield { type: 'delta', text, ...(this.isCut && text === '…' ? { isCut: true } : {}) }
    }
  }
}

async function answer(desk: Desk, agent: Speaker): Promise<string[]> {
  desk.agent = agent
  const before = desk.named('agent.turnFinished').length
  desk.receive(ALICE, 'question')
  await desk.until(() => desk.named('agent.turnFinished').length === before + 1)
  await desk.until(() => desk.named('message.sent').length === desk.named('message.queued').length)
  return desk.transport.texts()
}

describe('what a model thinks', () => {
  it.each([
    ['whole', ['<think>SECRET\n\nSECRET</think>\n\nThe answer.']],
    ['letter by letter', Array.from('<think>SECRET\n\nSECRET</think>\n\nThe answer.')],
    ['without an opening mark', Array.from('SECRET\n\nSECRET</think>\n\nThe answer.')],
  ])('is not sent, %s, and is not in the history', async (_how, pieces) => {
    const desk = new Desk()
    desk.conversations.start()
    const agent = new Speaker(pieces)
    expect(await answer(desk, agent)).toEqual(['The answer.'])
    await answer(desk, agent)
    expect(agent.history.map(({ text }) => text)).toEqual(['question', 'The answer.'])
  })

  it('is not in a history that an earlier version stored either', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const agent = new Speaker(['The answer.'])
    await answer(desk, agent)
    desk.database.prepare('UPDATE outbox SET text = ?').run('<think>SECRET</think>\n\nThe answer.')
    await answer(desk, agent)
    expect(agent.history.map(({ text }) => text)).toEqual(['question', 'The answer.'])
  })

  it('alone is a failure that is said, and not silence', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const sent = await answer(desk, new Speaker(['<think>SECRET', ' and no end']))
    expect(sent).toHaveLength(1)
    expect(sent[0]).not.toContain('SECRET')
    expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'failed', code: 'no_answer' }])
  })

  it.each(['<tool_call>{"name":"search"}</tool_call>', '<!-- SECRET -->', '<script>SECRET</script>'])(
    'and markup alone, as in %s, is a failure too',
    async (text) => {
      const desk = new Desk()
      desk.conversations.start()
      const sent = await answer(desk, new Speaker([text]))
      expect(sent).toHaveLength(1)
      expect(sent[0]).not.toContain(text)
      expect(desk.named('agent.turnFinished')).toMatchObject([{ outcome: 'failed', code: 'no_answer' }])
    },
  )

  it('stays when it is what a plain agent repeats', async () => {
    const desk = new Desk()
    desk.conversations.start()
    desk.receive(ALICE, 'what is <think>?')
    await desk.until(() => desk.named('message.sent').length === 1)
    expect(desk.transport.texts()).toEqual(['what is <think>?'])
  })
})

describe('thoughts without an opening mark, written slowly', () => {
  const pieces = ['SECRET.\n\n', 'SECRET more.', '</think>\n\nThe answer.']
  const slowly = (): { pause: { before: string; until: Promise<void> }; goOn: () => void } => {
    let goOn = (): void => {}
    const until = new Promise<void>((resolve) => (goOn = resolve))
    return { pause: { before: '</think>\n\nThe answer.', until }, goOn: () => goOn() }
  }

  it('are held back where the agent is known for them', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const { pause, goOn } = slowly()
    const answered = answer(desk, new Speaker(pieces, { mayThinkUnmarked: true, pause }))
    setTimeout(goOn, 400)
    expect(await answered).toEqual(['The answer.'])
  })

  it('are not sent where a limit cut the answer before their end', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const agent = new Speaker(['SECRET, and so', '…'], { mayThinkUnmarked: true })
    agent.isCut = true
    for (const times of [1, 2]) {
      const sent = await answer(desk, agent)
      expect(sent.join()).not.toContain('SECRET')
      expect(desk.named('agent.turnFinished')[times - 1]).toMatchObject({ code: 'no_answer' })
    }
  })

  it('are held back from the second time on where nobody knew of them', async () => {
    const desk = new Desk()
    desk.conversations.start()
    const first = slowly()
    first.goOn()
    const agent = new Speaker(pieces, { pause: first.pause })
    expect(await answer(desk, agent)).toEqual(['The answer.'])
    const { pause, goOn } = slowly()
    Object.assign(agent, { pause })
    const answered = answer(desk, agent)
    setTimeout(goOn, 400)
    expect(await answered).toEqual(['The answer.', 'The answer.'])
  })
})
