import { parsePhoneNumberWithError } from 'libphonenumber-js/min'
import type { Recording } from '../phones/recording.ts'
import { SeededRandom } from '../seeded-random.ts'
import { BusinessDirectory } from './business-directory.ts'
import type { BusinessEnvironment, PlatformStep } from './business-environment.ts'
import { type BusinessHabits, HABITS } from './business-habits.ts'
import { DelayedWork } from './delayed-work.ts'
import { BusinessFaults, type SignatureFault } from './faults/business-faults.ts'
import { GraphError } from './graph/graph-error.ts'
import { type GraphRecord, GraphServer } from './graph/graph-server.ts'
import type { BusinessNumber } from './management/business-number.ts'
import { EmbeddedSignup } from './management/embedded-signup.ts'
import type { TokenScope } from './management/meta-app.ts'
import { type NumberOptions, Onboarding } from './management/onboarding.ts'
import type { Template } from './management/template.ts'
import { verifyCallback } from './management/verify-callback.ts'
import { MediaFiles } from './media/media-files.ts'
import { pushStatus } from './messages/push-status.ts'
import { newDigits } from './new-id.ts'
import { BusinessApp } from './people/business-app.ts'
import { BusinessPerson } from './people/business-person.ts'
import { metadataOf, seconds } from './people/receive-message.ts'
import { escaped, signatureHeaders } from './webhooks/webhook-body.ts'
import { type PostedWebhook, postWebhook } from './webhooks/webhook-outlet.ts'
import { WebhookOutlets } from './webhooks/webhook-outlets.ts'

export interface BusinessPlatformOptions {
  /** Milliseconds since the epoch; the machine's without it. */
  now?: () => number
  /** 0, the default, takes a free one. */
  port?: number
  /** The same seed makes the same choices. */
  seed?: number
  habits?: Partial<BusinessHabits>
}

interface PersonOptions {
  name: string
  username?: string
  country?: string
  formerUserId?: string
}

/**
 * Meta's Graph API for WhatsApp Business on loopback: numbers, people who write to them, signed webhooks, files, and what can go wrong.
 * Nothing is kept on disk, and nothing outside of this machine is contacted. It is not kinder than Meta: docs/simulator.md.
 */
export class BusinessPlatform {
  readonly faults = new BusinessFaults()
  readonly habits: BusinessHabits
  readonly signup: EmbeddedSignup
  readonly #env: BusinessEnvironment
  readonly #onboarding: Onboarding
  readonly #server: GraphServer
  readonly #apps = new Map<BusinessNumber, BusinessApp>()
  readonly #changeListeners = new Set<() => void>()
  readonly #stepListeners = new Set<(step: PlatformStep) => void>()
  readonly #stopListeners = new Set<() => void>()
  #people = 0

  private constructor({ now = Date.now, seed = 1, habits = {} }: BusinessPlatformOptions) {
    this.habits = { ...HABITS, ...habits }
    const base = {
      now,
      random: new SeededRandom(seed),
      habits: this.habits,
      faults: this.faults,
      later: new DelayedWork(),
      changed: () => {
        for (const listener of this.#changeListeners) listener()
      },
      stepped: (step: PlatformStep) => {
        for (const listener of this.#stepListeners) listener(step)
      },
      mediaUrl: () => `http://${this.mediaHost}`,
    }
    this.#env = {
      ...base,
      directory: new BusinessDirectory((address) => this.#newPerson({ name: address, phoneNumber: '+10' })),
      media: new MediaFiles(base),
      webhooks: new WebhookOutlets(base),
    }
    this.#onboarding = new Onboarding(this.#env)
    this.#server = new GraphServer(this.#env)
    this.signup = new EmbeddedSignup(this.#env)
  }

  /** Resolves when it listens. Rejects when the port is taken. */
  static async start(options: BusinessPlatformOptions = {}): Promise<BusinessPlatform> {
    const platform = new BusinessPlatform(options)
    await platform.#server.start(options.port ?? 0)
    return platform
  }

  /** Closes every connection and frees the port; webhooks that did not arrive never do. */
  async stop(): Promise<void> {
    for (const listener of this.#stopListeners) listener()
    this.#stopListeners.clear()
    this.#env.later.stop()
    await this.#server.stop()
  }

  /** For `cloudApi.baseUrl`. Throws when it is not running. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.#server.port}`
  }

  /** Where files are fetched from, for `cloudApi.mediaHosts`: another host than that of `baseUrl`, as with Meta. */
  get mediaHost(): string {
    return `localhost:${this.#server.port}`
  }

  /** What was asked of the API, and how it was answered. */
  get calls(): Recording<GraphRecord> {
    return this.#server.records
  }

  /** What was posted to callback addresses. */
  get webhooks(): Recording<PostedWebhook> {
    return this.#env.webhooks.posted
  }

  get numbers(): BusinessNumber[] {
    return [...this.#env.directory.numbers.values()]
  }

  get people(): readonly BusinessPerson[] {
    return this.#env.directory.people
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#env.now()
  }

  /** A number of a business with everything that belongs to it. Nothing is subscribed yet. Throws for what is no number. */
  addNumber(o: NumberOptions): BusinessNumber {
    return this.#onboarding.addNumber(o)
  }

  /**
   * The callback address of a number's webhooks, as it is entered in the app's dashboard: asked for the challenge, then the app is
   * subscribed to the account. Rejects with a `GraphError` where the answer is not right. 360dialog asks for nothing.
   */
  async subscribe(number: BusinessNumber, callbackUrl: string): Promise<void> {
    if (number.provider === '360dialog') {
      number.callbackUrl = callbackUrl
      return
    }
    await this.setCallback(number, callbackUrl)
    number.account.subscribedApps.set(number.app, null)
  }

  /** The callback address alone; no app is subscribed by it. */
  async setCallback({ app }: BusinessNumber, url: string): Promise<void> {
    await verifyCallback(this.#env, { url, verifyToken: app.verifyToken })
    app.callbackUrl = url
  }

  /**
   * Somebody with WhatsApp. Without `phoneNumber` they have one that nobody needs to know. `formerUserId`: their id, where an earlier platform
   * gave it. Throws where the number is taken.
   */
  addPerson(o: PersonOptions & { phoneNumber?: string }): BusinessPerson {
    const { directory } = this.#env
    const phoneNumber = o.phoneNumber ?? `+1555${String(8_000_000 + this.#people)}`
    if (directory.personByNumber(phoneNumber) !== undefined) throw new Error(`${phoneNumber} is taken`)
    const person = this.#newPerson({ ...o, phoneNumber })
    directory.people.push(person)
    this.#env.changed()
    return person
  }

  /** The owner's phone with the WhatsApp Business app; for a number with `isOnBusinessApp`. */
  businessApp(number: BusinessNumber): BusinessApp {
    const app = this.#apps.get(number) ?? new BusinessApp(this.#env, number)
    this.#apps.set(number, app)
    return app
  }

  /** A template of the number's account; approved unless something else is said. */
  addTemplate(
    { account }: BusinessNumber,
    o: Pick<Template, 'name' | 'components'> & Partial<Template>,
  ): Template {
    const template: Template = {
      id: newDigits(this.#env.random),
      language: 'en_US',
      category: 'UTILITY',
      status: 'APPROVED',
      ...o,
    }
    account.templates.push(template)
    return template
  }

  /** The number's token is not valid any more, from now on: `expired` (463), or `revoked` (460). */
  endToken({ token }: BusinessNumber, how: 'expired' | 'revoked'): void {
    if (how === 'revoked') token.isRevoked = true
    else token.expiresAt = this.#env.now()
  }

  /** A new token for the number; the old one stays as it is. */
  renewToken(number: BusinessNumber, o: { scopes?: readonly TokenScope[]; expiresAt?: number } = {}): string {
    return this.#onboarding.renewToken(number, o)
  }

  /** Meta's Business Agent takes the chats of the number, or gives them back: people's messages come as `standby` meanwhile. */
  handOver(number: BusinessNumber, person: BusinessPerson, to: 'agent' | 'business'): void {
    number.state.isHeldByAgent = to === 'agent'
    this.notify(number, 'messaging_handovers', {
      ...metadataOf(number),
      messaging_handovers: [
        {
          type: to === 'agent' ? 'control_taken' : 'control_passed',
          user_id: person.userIdFor(number.account.portfolio),
          timestamp: seconds(this.#env.now()),
        },
      ],
    })
  }

  /** A message that was accepted fails after all, with a code of Meta's. Throws where the number has not sent it. */
  failLater(number: BusinessNumber, messageId: string, code: number): void {
    const message = number.message(messageId)
    if (message?.direction !== 'out') throw new Error(`${number.phoneNumber} has not sent ${messageId}`)
    pushStatus(this.#env, { number, message, status: 'failed', error: new GraphError(code) })
  }

  /** Any other webhook about a number, by its field: `account_update`, `phone_number_quality_update`, fields of tomorrow. */
  notify(number: BusinessNumber, field: string, value: object): void {
    number.app.fields.add(field)
    this.#env.webhooks.push({ account: number.account, number, field, value })
  }

  /** Posts a body of anybody's to an address, once. Resolves with the status; `null` for no answer. */
  async postWebhook(
    number: BusinessNumber,
    url: string,
    o: { body: object | string; signature?: SignatureFault | null; headers?: Record<string, string> },
  ): Promise<number | null> {
    const body = typeof o.body === 'string' ? o.body : escaped(JSON.stringify(o.body))
    const signed = signatureHeaders(body, number.appSecret, o.signature ?? null)
    const headers = { ...signed, ...o.headers }
    return (await postWebhook(this.#env, { url, body, headers })).status
  }

  /** Resolves when every webhook so far has been answered with 200. */
  settled(): Promise<void> {
    return this.#env.webhooks.settled()
  }

  /** Calls `listener` whenever something that a viewer sees may have changed. Returns a function that stops it. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => void this.#changeListeners.delete(listener)
  }

  /** Calls `listener` at each step between Meta and the business, at the very moment. Returns a function that stops it. */
  onStep(listener: (step: PlatformStep) => void): () => void {
    this.#stepListeners.add(listener)
    return () => void this.#stepListeners.delete(listener)
  }

  /** Calls `listener` when the platform stops. Returns a function that stops it. */
  onStop(listener: () => void): () => void {
    this.#stopListeners.add(listener)
    return () => void this.#stopListeners.delete(listener)
  }

  #newPerson(o: PersonOptions & { phoneNumber: string }): BusinessPerson {
    this.#people++
    const { name, phoneNumber, username = null, country = countryOf(phoneNumber), formerUserId } = o
    const key = String(this.#people)
    return new BusinessPerson(this.#env, { key, name, phoneNumber, username, country, formerUserId })
  }
}

/** Two letters; US where the number does not tell. */
function countryOf(phoneNumber: string): string {
  try {
    return parsePhoneNumberWithError(phoneNumber).country ?? 'US'
  } catch {
    return 'US'
  }
}
