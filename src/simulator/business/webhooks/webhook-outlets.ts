import { setTimeout as delay } from 'node:timers/promises'
import { Recording } from '../../phones/recording.ts'
import type { MetaApp } from '../management/meta-app.ts'
import { dialogSignature, signatureHeaders } from './webhook-body.ts'
import {
  type OutletAddress,
  type OutletEnvironment,
  type PostedWebhook,
  WebhookOutlet,
} from './webhook-outlet.ts'
import type { WebhookUpdate } from './webhook-update.ts'

const SETTLED_POLL_MS = 5

/** All callback addresses, and which update goes to which. */
export class WebhookOutlets {
  /** Everything that was posted, to whatever address. */
  readonly posted = new Recording<PostedWebhook>()
  readonly #env: OutletEnvironment
  readonly #outlets = new Map<string, WebhookOutlet>()
  #scheduled = 0

  constructor(env: OutletEnvironment) {
    this.#env = env
    env.faults.onRelease(() => {
      for (const outlet of this.#outlets.values()) outlet.resume()
    })
  }

  /** Goes to every app that is subscribed, a moment later and in any order. `delayMs`: beside the usual delay. */
  push(update: WebhookUpdate, delayMs = 0): void {
    const { random, habits, faults, later } = this.#env
    for (const address of this.#addresses(update)) {
      const [lowest, highest] = habits.webhookDelayMs
      const delayed = random.between(lowest, highest) + delayMs + faults.webhookDelayMs
      this.#scheduled++
      later.after(delayed, () => {
        this.#scheduled--
        this.#outlet(address).add(update)
      })
    }
  }

  /** How many updates have not arrived anywhere yet. */
  get outstanding(): number {
    return [...this.#outlets.values()].reduce((sum, outlet) => sum + outlet.outstanding, this.#scheduled)
  }

  /** Resolves when everything that was told so far has been answered with 200. */
  async settled(): Promise<void> {
    while (this.outstanding > 0 && !this.#env.later.isStopped) await delay(SETTLED_POLL_MS)
  }

  #addresses({ account, number, field }: WebhookUpdate): OutletAddress[] {
    if (number?.provider === '360dialog')
      return number.callbackUrl === null
        ? []
        : [{ url: number.callbackUrl, secret: number.signingSecret, signs: dialogSignature }]
    const addressOf = ([app, override]: [MetaApp, { url: string } | null]) => {
      const url = number?.override?.url ?? override?.url ?? app.callbackUrl
      const isWanted = app.isLive && (app.fields.has(field) || field === 'history')
      return url === null || !isWanted ? [] : [{ url, secret: app.secret, signs: signatureHeaders }]
    }
    return [...account.subscribedApps].flatMap(addressOf)
  }

  #outlet(address: OutletAddress): WebhookOutlet {
    const key = `${address.secret ?? ''} ${address.url}`
    const outlet = this.#outlets.get(key) ?? new WebhookOutlet(this.#env, { ...address, posted: this.posted })
    this.#outlets.set(key, outlet)
    return outlet
  }
}
