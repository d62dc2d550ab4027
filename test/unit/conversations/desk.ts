import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { onTestFinished, vi } from 'vitest'
import { type IncomingContent, type QuotedMessage, textParts } from '../../../src/messaging/content.ts'
import type { ChatReference } from '../../../src/messaging/chat-reference.ts'
import type { IncomingMessage } from '../../../src/messaging/incoming-message.ts'
import type { Agent } from '../../../src/agents/agent.ts'
import { echoAgent } from '../../../src/agents/connectors/echo/echo.ts'
import type { AccountConfig } from '../../../src/config/model.ts'
import { AccountCounts } from '../../../src/observability/metrics/account-counts.ts'
import { Conversations } from '../../../src/conversations/conversations.ts'
import { EVENTS, type EventName, type EventPayload } from '../../../src/protocol/events.ts'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import { Database, type GroupCommit } from '../../../src/storage/database/database.ts'
import { Redactor } from '../../../src/text/redaction/redactor.ts'
import type { AudioConverter } from '../../../src/agents/audio/audio-converter.ts'
import { identity } from '../../support/identity.ts'
import { accountConfig } from '../../support/account-config.ts'
import type { Capabilities } from '../../../src/messaging/capabilities.ts'
import { CAPABILITIES, MemoryTransport } from '../../support/memory-transport.ts'

export const ALICE = '+15550001111'
export const BOB = '+15550002222'
export const STRANGER = '+15550003333'
export const OWN = '+15550009999'

export const direct = (address: string): ChatReference => ({ kind: 'direct', address })
export const group = (address: string): ChatReference => ({ kind: 'group', address })
export const textContent = (text: string, quoted: QuotedMessage | null = null): IncomingContent => ({
  kind: 'message',
  parts: textParts(text),
  quoted,
})

/** What the owner writes on the phone changes nothing about who answers. */
export const PHONE_LEFT_OUT: Partial<AccountConfig> = {
  takeover: { onPhoneReply: false, minutes: 60, groups: false, answerMissed: false },
}

export interface PublishedEvent {
  name: EventName
  payload: Record<string, unknown>
}

/** One account's conversations on a real file, with a transport in memory. */
export class Desk {
  readonly transport: MemoryTransport
  readonly events: PublishedEvent[] = []
  readonly counts = new AccountCounts()
  readonly path: string
  /** How often what waits for a person changed. */
  attentionChanges = 0
  agent: Agent = echoAgent
  /** By id; whoever is not here is `agent`. */
  readonly agents = new Map<string, Agent>()
  config: AccountConfig
  conversations: Conversations
  database: Database
  /** Before the config file has somebody who was approved; it may reject, as an edit does. */
  allowing: (entry: string) => Promise<void> = () => Promise.resolve()
  /** What must not leave the sandbox. */
  /** As where there is no ffmpeg. */
  toVoice: AudioConverter['toVoice'] = () => Promise.resolve(null)
  /** Of whom events were erased. */
  readonly erasedEvents: (readonly string[])[] = []
  /** Before events are erased; it may throw, as the disk does. */
  erasing: (() => void) | null = null
  redactor = new Redactor({ paths: [], secrets: [], isOwnToken: () => false })
  /** What a machine hears in a file. */
  transcribing: (path: string, signal: AbortSignal) => Promise<string | null> = () => Promise.resolve(null)
  readonly #logger: Logger
  #ids = 0

  /** With `group`, transactions share commits. */
  constructor(
    overrides: Partial<AccountConfig> = {},
    logger: Logger = pino({ level: 'silent' }),
    group: GroupCommit | null = null,
    capabilities: Capabilities = CAPABILITIES.linkedDevice,
  ) {
    this.transport = new MemoryTransport(capabilities)
    this.#logger = logger
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-desk-'))
    this.path = join(directory, 'account.db')
    this.config = { ...accountConfig([ALICE, BOB, OWN]), ...overrides }
    this.database = Database.open(this.path, ACCOUNT_MIGRATIONS, group)
    this.conversations = this.#make()
    onTestFinished(async () => {
      await this.conversations.stop()
      this.database.close()
      rmSync(directory, { recursive: true, force: true })
    })
  }

  /** The process dies: nothing is stopped or flushed, and another one starts on the same file. */
  crash(): void {
    this.database.close()
    this.database = Database.open(this.path, ACCOUNT_MIGRATIONS)
    this.conversations = this.#make()
  }

  async restart(): Promise<void> {
    await this.conversations.stop()
    this.crash()
  }

  allow(...allowFrom: string[]): void {
    this.config = { ...this.config, access: { ...this.config.access, allowFrom } }
    this.conversations.policyChanged()
  }

  setReady(ready: boolean): void {
    this.transport.ready = ready
    this.conversations.readyChanged(ready)
  }

  message(from: string, text: string, more: Partial<IncomingMessage> = {}): IncomingMessage {
    this.#ids += 1
    const address = `${from.slice(1)}@s.whatsapp.net`
    const { chat } = more
    return {
      chat: { kind: from === OWN ? 'self' : 'direct', address },
      id: `IN${this.#ids}`,
      sender: identity(address, from, { displayName: 'Somebody' }),
      content: textContent(text),
      mentionsUs: false,
      sentAt: new Date(),
      arrival: 'live',
      ...(from === OWN && chat !== undefined && chat.kind !== 'self' ? writtenByOwner(chat) : {}),
      ...more,
    }
  }

  receive(from: string, text: string, more: Partial<IncomingMessage> = {}): IncomingMessage {
    const message = this.message(from, text, more)
    this.conversations.received(message)
    return message
  }

  named(name: EventName): Record<string, unknown>[] {
    return this.events.filter((event) => event.name === name).map(({ payload }) => payload)
  }

  /** Resolves once `condition` holds; looked at in every turn of the event loop. A fake clock moves a little in each. */
  async until(condition: () => boolean): Promise<void> {
    const giveUpAt = performance.now() + 60_000
    while (!condition()) {
      if (performance.now() > giveUpAt) throw new Error('it never came true')
      if (vi.isFakeTimers()) vi.advanceTimersByTime(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Lets everything that is ready to happen happen, without time passing. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  #make(): Conversations {
    return new Conversations({
      counts: this.counts,
      account: 'default',
      database: this.database,
      transport: this.transport,
      config: () => this.config,
      allowPerson: async (entry) => {
        await this.allowing(entry)
        this.allow(...this.config.access.allowFrom, entry)
      },
      agentFor: (id) => this.agents.get(id) ?? this.agent,
      redactor: () => this.redactor,
      transcribe: (path, signal) => this.transcribing(path, signal),
      audio: { toVoice: (source, target, signal) => this.toVoice(source, target, signal) },
      attentionChanged: () => {
        this.attentionChanges += 1
      },
      publish: (name, payload) => this.#published(name, payload),
      eraseEvents: (names) => {
        this.erasing?.()
        this.erasedEvents.push(names)
      },
      logger: this.#logger,
      now: () => new Date(),
      random: () => 0.5,
    })
  }

  #published<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    EVENTS[name].payload.parse(payload)
    this.events.push({ name, payload: { ...payload } })
  }
}

/** What a transport says of a message that the owner wrote by hand in this chat. */
function writtenByOwner({ kind, address }: ChatReference): Pick<IncomingMessage, 'writtenByOwner'> {
  const [digits = ''] = address.split('@')
  return { writtenByOwner: { to: kind === 'group' ? null : identity(address, `+${digits}`) } }
}
