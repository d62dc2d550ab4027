import { Desk } from './desk.ts'
import { HeldAgent } from './held-agent.ts'

/** Started conversations whose agent answers when the test says so. */
export function heldDesk(overrides: ConstructorParameters<typeof Desk>[0] = {}): {
  desk: Desk
  agent: HeldAgent
} {
  const desk = new Desk(overrides)
  const agent = new HeldAgent()
  desk.agent = agent
  desk.conversations.start()
  return { desk, agent }
}
