import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScriptedAcp } from '../support/scripted-acp.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const BORIS = '+15550000009'
const QUESTION = /^ada asks whether it may do this/
const CODE = /"\/yes ([A-Z0-9]{6})"/

describe('an agent that asks before it uses a tool', () => {
  let agents: ScriptedAcp
  let stack: Stack

  beforeEach(async () => {
    agents = new ScriptedAcp()
    const ada = {
      connector: 'acp',
      ...agents.settings({ does: 'asks', toolCall: { rawInput: { path: '*x*' } } }),
      environment: {},
      permissions: 'ask',
    }
    stack = await Stack.start({
      allowFrom: [ALICE, BORIS, OWNER],
      env: { PATH: process.env['PATH'], HOME: agents.directory },
      channel: { agents: { ada }, commands: { owners: [BORIS] } },
      prepare: (started) => void started.createPhone(BORIS, 'Boris'),
    })
    await stack.link()
  })
  afterEach(async () => {
    await stack.stop()
    agents.remove()
  })

  const boris = () => stack.phone(BORIS)
  const textsTo = (phoneNumber: string): string[] => stack.phone(phoneNumber).received.map(({ text }) => text)
  const outcomes = (): unknown[] =>
    agents.notes().flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]))

  /** The question that this phone got, and its code. */
  async function question(phoneNumber: string): Promise<{ text: string; code: string }> {
    const { text } = await stack.phone(phoneNumber).waitForText((message) => QUESTION.test(message.text))
    return { text, code: CODE.exec(text)?.[1] ?? '' }
  }

  /** The assistant knows where to find an owner who has written to it. */
  async function writeOnce(): Promise<void> {
    await boris().sendText(OWNER, '/status')
    await boris().waitForText(({ text }) => text.includes('ada'))
  }

  it('gets the answer of an owner, who is shown all of the action and allows it once', async () => {
    await writeOnce()
    await stack.alice.sendText(OWNER, 'delete them')
    const { text, code } = await question(BORIS)
    expect(text).toContain(`ada asks whether it may do this for ${ALICE}:\n\`\`\`\nkind: "delete"`)
    expect(text).toContain('\ninput: {"path":"*x*"}\n```')
    await boris().sendText(OWNER, `/yes ${code.toLowerCase()}`)
    await boris().waitForText((message) => message.text === 'Allowed, this once.')
    await stack.alice.waitForText((message) => message.text === 'outcome id-allow_once')
    await boris().sendText(OWNER, `/yes ${code}`)
    await boris().waitForText((message) => message.text.startsWith('No question with this code'))
    expect(outcomes()).toEqual([{ outcome: 'selected', optionId: 'id-allow_once' }])
  })

  it('takes no answer from others, and a no for no', async () => {
    await writeOnce()
    await stack.alice.sendText(OWNER, 'delete them')
    const { code } = await question(BORIS)
    await stack.alice.sendText(OWNER, `/yes ${code}`)
    await stack.alice.waitForText((message) => message.text.startsWith('Only an owner'))
    await stack.owner.sendText(OWNER, `/yes ${code}`)
    await stack.owner.waitForText((message) => message.text.startsWith('No question with this code'))
    expect(outcomes()).toEqual([])
    await boris().sendText(OWNER, `/no ${code}`)
    await stack.alice.waitForText((message) => message.text === 'outcome id-reject_once')
  })

  it('asks an owner in their own chat while their question runs there', async () => {
    await boris().sendText(OWNER, 'delete them')
    const { text, code } = await question(BORIS)
    expect(text).toContain('ada asks whether it may do this:\n')
    await boris().sendText(OWNER, `/yes ${code}.`)
    await boris().waitForText((message) => message.text === 'outcome id-allow_once')
  })

  it("asks in the account's chat with itself where no other owner is there", async () => {
    await stack.owner.sendText(OWNER, 'delete them')
    const { code } = await question(OWNER)
    await stack.owner.sendText(OWNER, `/no ${code}`)
    await stack.owner.waitForText((message) => message.text === 'outcome id-reject_once')
  })

  it('gets no where no owner can be asked', async () => {
    await stack.alice.sendText(OWNER, 'delete them')
    await stack.alice.waitForText((message) => message.text === 'outcome id-reject_once')
    expect(textsTo(BORIS)).toEqual([])
  })

  it('hears that it is over when somebody takes the question back', async () => {
    await writeOnce()
    await stack.alice.sendText(OWNER, 'delete them')
    const { code } = await question(BORIS)
    await stack.alice.sendText(OWNER, '/stop')
    await expect.poll(outcomes).toEqual([{ outcome: 'cancelled' }])
    await boris().sendText(OWNER, `/yes ${code}`)
    await boris().waitForText((message) => message.text.startsWith('No question with this code'))
  })
})
