import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AgentServer } from '../support/agent-server.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

describe('an agent whose settings change while it answers', () => {
  let server: AgentServer
  let stack: Stack
  beforeEach(async () => {
    server = await AgentServer.start()
    stack = await Stack.start({ channel: { agents: server.agents('ada', 'eve') } })
    await stack.link()
  })
  afterEach(async () => {
    await stack.stop()
    await server.stop()
  })

  const says = (text: string) => stack.alice.waitForText((message) => message.text === text)

  /** The agent `ada` with another model; `eve` is gone. */
  async function changeAgents(): Promise<void> {
    const applied = stack.published('config.applied').length
    const { grace } = server.agents('grace')
    stack.writeConfig([ALICE, OWNER], { agents: { ada: grace } })
    await stack.until('the config', () => stack.published('config.applied').length > applied)
  }

  it('ends the turn that it has, and answers the next one by the new settings', async () => {
    server.hold()
    await stack.alice.sendText(OWNER, 'one')
    await expect.poll(() => server.asked.length).toBe(1)
    await changeAgents()
    server.release()
    await says('ada: one')
    await stack.alice.sendText(OWNER, 'two')
    await says('grace: two')
    expect(server.asked.map(({ model }) => model)).toEqual(['ada', 'grace'])
  })

  it('is stopped with the daemon, which does not wait for its turn', async () => {
    server.hold()
    await stack.alice.sendText(OWNER, 'one')
    await expect.poll(() => server.asked.length).toBe(1)
    await changeAgents()
    await stack.stopDaemon()
    server.release()
    await stack.startDaemon()
    await says('grace: one')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['grace: one'])
  })
})
