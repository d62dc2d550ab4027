import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../support/is-alive.ts'
import { ScriptedAcp } from '../support/scripted-acp.ts'
import { OWNER, Stack } from '../support/stack.ts'

describe('an agent of the Agent Client Protocol, behind a number', () => {
  let agents: ScriptedAcp
  let stack: Stack

  beforeEach(() => {
    agents = new ScriptedAcp()
  })
  afterEach(async () => {
    await stack.stop()
    agents.remove()
  })

  async function start(does: string[], script: Record<string, unknown> = {}): Promise<void> {
    const ada = { connector: 'acp', ...agents.settings({ does, ...script }), environment: {} }
    stack = await Stack.start({
      env: { PATH: process.env['PATH'], HOME: agents.directory },
      channel: { agents: { ada } },
    })
    await stack.link()
  }

  const texts = (): string[] => stack.alice.received.map(({ text }) => text)
  const isAsked = (times: number) => expect.poll(() => agents.prompts().length).toBe(times)

  it('that is killed before it said anything is asked again, and answers once', async () => {
    await start(['hangs', 'answers'])
    await stack.alice.sendText(OWNER, 'one')
    await isAsked(1)
    process.kill(agents.pid(), 'SIGKILL')
    await stack.alice.waitForText(({ text }) => text === 'You said: one')
    await stack.alice.sendText(OWNER, 'two')
    await stack.alice.waitForText(({ text }) => text === 'You said: two')
    expect(texts()).toEqual(['You said: one', 'You said: two'])
  })

  it('that ends in the middle of an answer fails, and answers the next question', async () => {
    await start(['breaks', 'answers'])
    await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText(({ text }) => text.startsWith('Sorry'))
    await stack.alice.sendText(OWNER, 'two')
    await stack.alice.waitForText(({ text }) => text === 'You said: two')
    expect(texts().filter((text) => text.startsWith('You said'))).toEqual(['You said: two'])
  })

  it('ends with the daemon, and answers once what was asked before', async () => {
    await start(['hangs', 'answers'])
    await stack.alice.sendText(OWNER, 'one')
    await isAsked(1)
    const former = agents.pid()
    await stack.stopDaemon()
    await expect.poll(() => isAlive(former)).toBe(false)
    await stack.startDaemon()
    await stack.alice.waitForText(({ text }) => text === 'You said: one')
    expect(texts()).toEqual(['You said: one'])
  })

  it('that tells totals of its session has each token counted once, also over a restart', async () => {
    const totals = [
      [100, 10],
      [150, 30],
      [180, 40],
      [20, 5],
    ]
    await start(['answers'], {
      abilities: { loadSession: true },
      memory: `${agents.directory}/memory.json`,
      tells: totals.map(([inputTokens, outputTokens]) => ({ usage: { inputTokens, outputTokens } })),
    })
    const ask = async (text: string): Promise<void> => {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText((message) => message.text === `You said: ${text}`)
    }
    await ask('one')
    await ask('two')
    await stack.stopDaemon()
    await stack.startDaemon()
    await ask('three')
    await ask('four')
    const client = await stack.client()
    const { accounts } = await client.request('usage.get', {})
    client.close()
    expect(accounts[0]?.usage?.tokens).toMatchObject({ input: 200, output: 45, answers: 4 })
  })
})
