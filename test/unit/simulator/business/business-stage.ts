import {
  BusinessPlatform,
  type BusinessPlatformOptions,
} from '../../../../src/simulator/business/business-platform.ts'
import type { BusinessNumber } from '../../../../src/simulator/business/management/business-number.ts'
import type { NumberOptions } from '../../../../src/simulator/business/management/onboarding.ts'
import type { BusinessPerson } from '../../../../src/simulator/business/people/business-person.ts'
import { CallbackServer } from './callback-server.ts'

export const HOUR_MS = 3_600_000
const STARTED_AT = Date.UTC(2026, 10, 30, 12)

/** The answer to a call, as a client sees it. */
export interface Answer {
  status: number
  headers: Headers
  // Each test knows what it asked for.
  body: Record<string, unknown> & { error?: { code: number; error_subcode?: number; message: string } }
}

/** The platform on a driven clock, with a number whose webhooks arrive at a server, and Alice. */
export class BusinessStage {
  readonly platform: BusinessPlatform
  readonly callback = new CallbackServer()
  readonly number: BusinessNumber
  readonly alice: BusinessPerson
  readonly clock: { now: number }

  private constructor(platform: BusinessPlatform, clock: { now: number }, number: Partial<NumberOptions>) {
    this.platform = platform
    this.clock = clock
    this.number = platform.addNumber({ phoneNumber: '+15550009000', name: 'Corner Shop', ...number })
    this.alice = platform.addPerson({ phoneNumber: '+15550000002', name: 'Alice' })
  }

  static async start(
    options: BusinessPlatformOptions = {},
    number: Partial<NumberOptions> = {},
  ): Promise<BusinessStage> {
    const clock = { now: STARTED_AT }
    const habits = { duplicateRate: 0, ...options.habits }
    const platform = await BusinessPlatform.start({ now: () => clock.now, ...options, habits })
    const stage = new BusinessStage(platform, clock, number)
    await stage.callback.start()
    stage.callback.verifyToken = stage.number.verifyToken
    await platform.subscribe(stage.number, stage.callback.url)
    return stage
  }

  async stop(): Promise<void> {
    await this.platform.stop()
    await this.callback.stop()
  }

  async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object | FormData,
    headers: Record<string, string> = { Authorization: `Bearer ${this.number.accessToken}` },
  ): Promise<Answer> {
    const isForm = body instanceof FormData
    const response = await fetch(`${this.platform.baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text }
    return { status: response.status, headers: response.headers, body: parsed }
  }

  /** Sends to Alice, unless `message` says otherwise. */
  send(message: Record<string, unknown>): Promise<Answer> {
    return this.call('POST', `/v25.0/${this.number.phoneNumberId}/messages`, {
      messaging_product: 'whatsapp',
      to: this.alice.phoneNumber,
      ...message,
    })
  }

  text(body: string, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.send({ type: 'text', text: { body }, ...more })
  }

  /** The id of a message that was accepted. */
  async sent(message: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.send(message)
    if (status !== 200) throw new Error(`it was refused: ${JSON.stringify(body)}`)
    const [first] = body['messages'] as { id: string }[]
    return first?.id ?? ''
  }
}
