import type { AccountConfig } from '../../../../src/config/model.ts'
import type { IncomingMessage } from '../../../../src/messaging/incoming-message.ts'
import { ALICE, Desk, group } from '../desk.ts'
import { HeldAgent } from '../held-agent.ts'

export const GROUP = '120363000000000001@g.us'
export const IN_GROUP = { chat: group(GROUP), mentionsUs: true } as const

/** A desk with one agent, whose answers wait, and what it says to commands. */
export class CommandDesk extends Desk {
  readonly held = new HeldAgent()

  constructor(overrides: Partial<AccountConfig> = {}) {
    super(overrides)
    this.agent = this.held
    this.conversations.start()
  }

  /** What is answered to this message next. */
  async say(text: string, from = ALICE, more: Partial<IncomingMessage> = {}): Promise<string> {
    const before = this.transport.sent.length
    this.receive(from, text, more)
    await this.until(() => this.transport.sent.length > before)
    await this.settle()
    return this.transport.texts().slice(before).join('\n')
  }

  /** Asks, and resolves when the agent is at work. */
  async ask(text: string, from = ALICE, more: Partial<IncomingMessage> = {}): Promise<void> {
    const before = this.held.turns.length
    this.receive(from, text, more)
    await this.until(() => this.held.turns.length > before)
  }

  /** Lets the agent answer what it is asked, and resolves with what is sent. */
  async answers(): Promise<string> {
    const before = this.transport.sent.length
    this.held.answer()
    await this.until(() => this.transport.sent.length > before)
    await this.settle()
    return this.transport.texts().slice(before).join('\n')
  }

  /** As after a crash: nothing was stopped. */
  again(): void {
    this.database.commit()
    this.crash()
    this.conversations.start()
  }
}
