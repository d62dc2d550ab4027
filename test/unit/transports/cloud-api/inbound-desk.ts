import { createHmac } from 'node:crypto'
import { pino } from 'pino'
import { listedNumbers } from '../../../../src/access/listed-numbers.ts'
import type { AccountConfig } from '../../../../src/config/model.ts'
import type { WebhookAnswer, WebhookRequest } from '../../../../src/messaging/webhook-receiver.ts'
import type { BusinessCredentials } from '../../../../src/transports/cloud-api/credentials/business-credentials.ts'
import type { GroupCommit } from '../../../../src/storage/database/database.ts'
import { ConversationWindows } from '../../../../src/transports/cloud-api/window/conversation-windows.ts'
import { type Inbound, openInbound } from '../../../../src/transports/cloud-api/webhook/open-inbound.ts'
import { WebhookNumbers } from '../../../../src/transports/cloud-api/webhook/webhook-numbers.ts'
import { CAPABILITIES } from '../../../support/memory-transport.ts'
import { ALICE, Desk, OWN } from '../../conversations/desk.ts'

export const SECRET = 'app-secret'
const PHONE_NUMBER_ID = '111'
const BUSINESS = 'WABA'
export const ALICE_ID = 'AT.98aZ'

type Fields = Record<string, unknown>

/** Non-ASCII as Meta writes it. */
export const escaped = (body: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(body).replaceAll(
      /[\u0080-\uFFFF]/g,
      (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
    ),
  )

export const signatureOf = (body: Buffer, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** What a number's webhook holds, in its envelope. */
export const envelope = (value: Fields, field = 'messages', id = PHONE_NUMBER_ID): Fields => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: BUSINESS,
      changes: [
        {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: OWN.slice(1), phone_number_id: id },
            ...value,
          },
        },
      ],
    },
  ],
})

/** A Business number's way in, with the conversations of a desk behind it. */
export class InboundDesk extends Desk {
  readonly inbound: Inbound
  readonly windows: { address: string; at: Date; isFreeEntry: boolean }[] = []
  readonly openWindows: ConversationWindows
  /** Of whom Meta said that nothing but templates may go to them. */
  readonly closedWindows: { address: string; asOf: number }[] = []
  /** Codes with which Meta refused what it had taken. */
  readonly refusedLater: { address: string; code: number | null }[] = []
  readonly notices: { field: string; value: unknown; business: string }[] = []
  readonly failures: unknown[] = []
  readonly ownNumbers = new Set<string>()
  credentials: BusinessCredentials | null = {
    provider: 'meta',
    phoneNumberId: PHONE_NUMBER_ID,
    businessAccountId: BUSINESS,
    accessToken: 'token',
    appSecrets: [SECRET],
    demandsSignature: true,
    verifyToken: 'verify',
    apiVersion: 'v25.0',
    baseUrl: 'http://127.0.0.1:1',
    mediaHosts: [],
    pathSecret: null,
    source: 'config',
  }
  /** What is added to the machine's time. */
  aheadMs = 0
  changes = 0
  #ids = 0

  /** With `group`, transactions share commits. */
  constructor(overrides: Partial<AccountConfig> = {}, group: GroupCommit | null = null) {
    super(overrides, pino({ level: 'silent' }), group, CAPABILITIES.server)
    this.openWindows = new ConversationWindows({
      database: this.database,
      number: () => PHONE_NUMBER_ID,
      aliasesOf: (address) => this.inbound.people.aliasesOf(address),
      isAllowed: (address) => this.inbound.people.isAllowed(address),
      changed: () => {},
      logger: pino({ level: 'silent' }),
      now: () => Date.now() + this.aheadMs,
    })
    this.inbound = this.#open()
    this.transport.identify = (address) => this.inbound.directory.identify(address)
    this.conversations.start()
  }

  /** Posts with a right signature, and resolves when all of it is worked on. */
  async post(body: unknown): Promise<WebhookAnswer> {
    const answer = await this.postRaw(escaped(body))
    await this.inbound.settled()
    return answer
  }

  postRaw(body: Buffer, request: Partial<Omit<WebhookRequest, 'body'>> = {}): Promise<WebhookAnswer> {
    const headers = { 'x-hub-signature-256': signatureOf(body) }
    return this.inbound.webhook.receive({ body, headers, pathSecret: null, ...request })
  }

  /** A message of Alice, whose number and id are told, as Meta writes it. */
  wrote(message: Fields, who: { from?: string | null; userId?: string | null; name?: string } = {}): Fields {
    const { from = ALICE.slice(1), userId = ALICE_ID, name = 'Alice' } = who
    this.#ids += 1
    const contact = {
      profile: { name },
      ...(from !== null && { wa_id: from }),
      ...(userId !== null && { user_id: userId }),
    }
    return {
      contacts: [contact],
      messages: [
        {
          ...(from !== null && { from }),
          ...(userId !== null && { from_user_id: userId }),
          id: `wamid.IN${this.#ids}`,
          timestamp: this.seconds(),
          ...message,
        },
      ],
    }
  }

  text(body: string, who: Parameters<InboundDesk['wrote']>[1] = {}): Fields {
    return this.wrote({ type: 'text', text: { body } }, who)
  }

  /** `timestamp` of now, or so many seconds ago. */
  seconds(ago = 0): string {
    return String(Math.floor((Date.now() + this.aheadMs) / 1_000) - ago)
  }

  /** What the view shows of a conversation. */
  texts(named: string): (string | null)[] {
    return this.conversations.admin.messages(named, { limit: 100 }).messages.map(({ text }) => text)
  }

  #open(): Inbound {
    return openInbound({
      account: 'default',
      numbers: new WebhookNumbers({ accounts: () => ['default'], whileClosed: () => null }),
      claim: () => this.credentials,
      database: this.database,
      sink: this.conversations,
      listedNumbers: () => listedNumbers(this.config),
      logger: pino({ level: 'silent' }),
      now: () => Date.now() + this.aheadMs,
      credentials: () => this.credentials,
      windows: {
        opened: (address, at, opening) => {
          this.windows.push({ address, at, isFreeEntry: opening?.isFreeEntry === true })
          this.openWindows.opened(address, at, opening)
        },
        refused: (address, asOf) => this.closedWindows.push({ address, asOf }),
        answered: (address, answer) => this.openWindows.answered(address, answer),
        heldAfter: (address, message) => this.openWindows.heldAfter(address, message),
        handedOver: (address, handover) => this.openWindows.handedOver(address, handover),
        forget: (address) => this.openWindows.forget(address),
        knows: (addresses) => this.openWindows.knows(addresses),
      },
      businessNotice: (field, value, business) => this.notices.push({ field, value, business }),
      ownNumberTold: (ownNumber) => this.ownNumbers.add(ownNumber),
      failureOf: ({ code, details }) => ({
        code: code === 131_047 ? 'window_closed' : `meta_${code}`,
        message: details,
      }),
      refusedLater: (address, { code }) => this.refusedLater.push({ address, code }),
      changed: () => {
        this.changes += 1
      },
      storageFailed: (error) => this.failures.push(error),
    })
  }
}
