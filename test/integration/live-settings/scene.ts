import type { SimulatedGroup } from '../../../src/simulator/server/groups/group.ts'
import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'
import type { RecordedMessage } from '../../../src/simulator/phones/records.ts'
import type { SendRequest } from '../../../src/conversations/sending/send-request.ts'
import { AgentServer } from '../../support/agent-server.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../../support/stack.ts'

/** A linked account, two assistants and a group, whose settings are changed while everything runs. */
export class Scene {
  readonly stack: Stack
  readonly server: AgentServer
  readonly family: SimulatedGroup
  #questions = 0

  private constructor(stack: Stack, server: AgentServer) {
    this.stack = stack
    this.server = server
    this.family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory],
    })
  }

  static async start(): Promise<Scene> {
    const server = await AgentServer.start()
    const stack = await Stack.start({
      allowFrom: [ALICE],
      channel: { agents: server.agents('ada', 'eve'), defaultAgent: 'ada' },
    })
    const scene = new Scene(stack, server)
    await stack.link()
    return scene
  }

  async stop(): Promise<void> {
    await this.stack.stop()
    await this.server.stop()
  }

  /** Puts these settings into force, beside those of the beginning; resolves when they are. */
  async set(channel: Record<string, unknown>, allowFrom: string[] = [ALICE]): Promise<void> {
    const { stack } = this
    const before = stack.readConfig()
    const applied = stack.published('config.applied').length
    stack.writeConfig(allowFrom, channel)
    if (stack.readConfig() !== before)
      await stack.until('the edit', () => stack.published('config.applied').length > applied)
  }

  /** What the assistants answer from now on. */
  say(answer: string): void {
    this.server.answer = answer
  }

  /** A text that nobody has written before. */
  question(): string {
    this.#questions += 1
    return `question ${this.#questions}`
  }

  /** Asks, and resolves with everything that the phone gets of it, once the answer is out. */
  async ask(
    options: { from?: SimulatedPhone; text?: string; group?: boolean; mention?: boolean } = {},
  ): Promise<RecordedMessage[]> {
    const { stack } = this
    const { from = stack.alice, text = this.question(), group = false, mention = false } = options
    const mark = from.received.length
    const [finished, queued] = [this.#count('agent.turnFinished'), this.#count('message.queued')]
    if (group) await from.sendGroupText(this.family, text, mention ? { mention: OWNER } : {})
    else await from.sendText(OWNER, text)
    await stack.until('the answer', () => this.#count('agent.turnFinished') > finished)
    return this.#got(from, mark, this.#count('message.queued') - queued)
  }

  /** As `ask`, where the daemon itself answers. */
  async command(text: string, from: SimulatedPhone = this.stack.alice): Promise<string> {
    const mark = from.received.length
    await from.sendText(OWNER, text)
    const answer = await from.waitForText(
      (message) => from.received.indexOf(message) >= mark && message.from === OWNER,
    )
    return answer.text
  }

  /** Sends a message as a program with every scope does. */
  async send(request: SendRequest): Promise<void> {
    const requester = { author: 'owner', by: 'api', mayForce: true } as const
    await this.stack.accounts.messages('default').send(request, requester)
  }

  /** Whether this gets an answer, in any other chat than Alice's own, in which she asks something after it. */
  async isAnswered(from: SimulatedPhone, write: () => Promise<unknown>): Promise<boolean> {
    const { stack } = this
    const mark = from.received.length
    const [finished, queued] = [this.#count('agent.turnFinished'), this.#count('message.queued')]
    await write()
    await stack.alice.sendText(OWNER, this.question())
    // Messages are taken in one after the other: whatever the first one leads to has begun when the second one is answered.
    await stack.until('the answer to Alice', () =>
      stack
        .published('agent.turnFinished')
        .slice(finished)
        .some(({ conversation }) => conversation === ALICE),
    )
    // Turns of several chats run side by side, and end in any order.
    await stack.until('the end of every turn', () => {
      return this.#count('agent.turnFinished') >= this.#count('agent.turnStarted')
    })
    const answers = stack.published('message.queued').slice(queued)
    const own = answers.filter(({ conversation }) => conversation === ALICE).map(({ messageId }) => messageId)
    await stack.alice.waitForText(({ id }) => id === own.at(-1))
    // The owner's phone shows every answer; those in the chat with oneself are for the owner.
    const isForThem = (chat: string): boolean => from !== stack.owner || chat === OWNER
    const isAnswered = (): boolean =>
      from.received
        .slice(mark)
        .some(
          (each) =>
            each.from === OWNER &&
            each.text === 'the answer' &&
            !own.includes(each.id) &&
            isForThem(each.chat),
        )
    if (answers.length > own.length) await from.waitForText(isAnswered)
    return isAnswered()
  }

  #count(name: 'agent.turnStarted' | 'agent.turnFinished' | 'message.queued'): number {
    return this.stack.published(name).length
  }

  /** The messages of the account since `mark`, once there are so many. */
  async #got(phone: SimulatedPhone, mark: number, count: number): Promise<RecordedMessage[]> {
    const got = (): RecordedMessage[] =>
      phone.received.slice(mark).filter(({ from, reaction }) => from === OWNER && reaction === undefined)
    if (count > 0) await phone.waitForText(() => got().length >= count)
    return got()
  }

  get mallory(): SimulatedPhone {
    return this.stack.phone(MALLORY)
  }

  /** What the model was told the last time: the system's part, and everything else. */
  get told(): { system: string; text: string; model: string } {
    const asked = this.server.asked.at(-1)
    if (asked === undefined) throw new Error('nobody was asked')
    const text = [asked.facts, ...asked.messages.map(({ content }) => content)].join('\n')
    return { system: asked.system, text, model: asked.model }
  }
}
