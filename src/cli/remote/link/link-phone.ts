import type { WhatsappdClient } from '../../../client/client.ts'
import type { AccountPasskey, AccountView, LinkOffer } from '../../../protocol/account/account.ts'
import { accountLine } from '../accounts/account-line.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure, INTERRUPTED_EXIT_CODE } from '../../command-failure.ts'
import { connectBusiness } from '../accounts/connect-business.ts'
import { offerText } from './offer-text.ts'
import { PasskeySteps } from './passkey-steps.ts'
import { type WaysToLink, waysToLink } from './ways-to-link.ts'

/** States on the way from a QR to a connection; any other one than `connected` ends the attempt. */
const UNDER_WAY: ReadonlySet<AccountView['state']> = new Set([
  'awaiting_scan',
  'confirming',
  'connecting',
  'reconnecting',
])

/** Longer than the daemon waits for WhatsApp's first QR or code: its answer says more than our silence. */
const OFFER_TIMEOUT_MS = 60_000

export interface LinkPhoneOptions {
  account: string | undefined
  /** With it a pairing code, without it QR codes. */
  phoneNumber: string | undefined
  /** Where it was named. */
  stateDir?: string | undefined
}

/** Links a phone and prints each step. Resolves when it is connected; throws `CommandFailure` when it is not to be. */
export async function linkPhone(
  context: CommandContext,
  client: WhatsappdClient,
  options: LinkPhoneOptions,
): Promise<void> {
  const account = options.account ?? (await client.request('config.get', {})).defaultAccount
  const how =
    options.phoneNumber === undefined
      ? { method: 'qr' as const }
      : { method: 'code' as const, phoneNumber: options.phoneNumber }
  if (context.signal.aborted) throw cancelled()
  if (await isBusiness(client, account)) return connectBusiness(context, client, account)
  const ways = waysToLink({ account: options.account ?? null, stateDir: options.stateDir ?? null })
  const steps = new LinkSteps(context, client, account, ways)
  try {
    const live = await livePasskey(client, account)
    if (live !== null) return await steps.join(live)
    await steps.follow(client.request('accounts.link', { account, ...how }, { timeoutMs: OFFER_TIMEOUT_MS }))
  } finally {
    steps.end()
  }
}

/** A Business number has no phone to link: its set-up is finished instead. */
async function isBusiness(client: WhatsappdClient, account: string): Promise<boolean> {
  const { accounts } = await client.request('accounts.list', {})
  const view = accounts.find((each) => each.account === account)
  return (view?.business ?? null) !== null
}

/** A ceremony that waits for an answer, which another attempt would end. */
async function livePasskey(client: WhatsappdClient, account: string): Promise<AccountPasskey | null> {
  if (!client.can('accounts.passkey.get')) return null
  return (await client.request('accounts.passkey.get', { account })).passkey
}

/** The events of one attempt, printed in order. Listens from its construction on, so that nothing is missed. */
class LinkSteps {
  readonly #context: CommandContext
  readonly #client: WhatsappdClient
  readonly #subscriptions: (() => void)[]
  readonly #result: Promise<void>
  readonly #account: string
  readonly #ways: WaysToLink
  readonly #passkey: PasskeySteps
  /** Before an offer there is nothing to scan; the answer to the request says how the attempt ended. */
  #isOffered = false
  #shownOffer = ''
  #shownState = ''
  #cancelling = false
  #printing: Promise<void> = Promise.resolve()
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(context: CommandContext, client: WhatsappdClient, account: string, ways: WaysToLink) {
    this.#account = account
    this.#ways = ways
    this.#context = context
    this.#client = client
    this.#result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // `follow` reports it; without `follow` it must not count as unhandled.
    this.#result.catch(() => {})
    this.#passkey = new PasskeySteps({ context, client, ways, print: (text) => this.#print(text) })
    this.#subscriptions = [
      client.on('account.qr', (offer) => this.#offer(offer)),
      client.on('account.linkCode', (offer) => this.#offer(offer)),
      client.on('account.passkey', (passkey) => {
        if (passkey.account === account && !this.#cancelling) this.#passkey.moved(passkey)
      }),
      client.on('account.status', (account) => this.#status(account)),
      client.on('state', ({ state, error }) => {
        if (state !== 'ready') this.#reject(error ?? new CommandFailure('the daemon stopped'))
      }),
    ]
    context.signal.addEventListener('abort', this.#interrupted, { once: true })
  }

  async follow(requested: Promise<LinkOffer>): Promise<void> {
    const offer = await Promise.race([requested, this.#result]).catch((error: unknown) => {
      // An attempt that the person gave up has no offer: that is no failure of its own.
      if (this.#cancelling) return this.#result
      throw error
    })
    if (offer !== undefined) this.#offer(offer)
    await this.#result
    await this.#printing
  }

  /** Goes on with a ceremony that has begun elsewhere. */
  async join(passkey: AccountPasskey): Promise<void> {
    this.#isOffered = true
    this.#passkey.moved(passkey)
    await this.#result
    await this.#printing
  }

  end(): void {
    this.#context.signal.removeEventListener('abort', this.#interrupted)
    this.#passkey.end()
    for (const unsubscribe of this.#subscriptions) unsubscribe()
  }

  readonly #interrupted = (): void => {
    this.#cancelling = true
    const stop = (): void => this.#reject(cancelled())
    this.#client.request('accounts.cancelLink', { account: this.#account }).then(stop, stop)
  }

  #offer(offer: LinkOffer): void {
    const secret = offer.method === 'qr' ? offer.qr : offer.code
    if (offer.account !== this.#account || secret === this.#shownOffer) return
    this.#isOffered = true
    this.#shownOffer = secret
    this.#draw(offer)
  }

  #status(account: AccountView): void {
    // The status of a cancelled attempt is not printed.
    if (account.account !== this.#account || this.#cancelling) return
    const { state } = account
    // `PasskeySteps` says more.
    const isCeremony = account.passkey !== undefined
    if (state === 'connected') {
      void this.#print(accountLine(account))
      this.#resolve()
    } else if (!this.#isOffered) {
      // WhatsApp cannot be reached, and the daemon keeps trying.
      if (account.nextAttemptAt !== null) void this.#print(accountLine(account))
    } else if (!UNDER_WAY.has(state) && !isCeremony) {
      this.#reject(new CommandFailure(this.#whyNot(account)))
    } else if (state !== this.#shownState && state !== 'awaiting_scan' && !isCeremony) {
      void this.#print(accountLine(account))
    }
    this.#shownState = state
  }

  #whyNot({ state, reason }: AccountView): string {
    if (reason === null) return `the account is ${state}`
    const { message, action, code } = reason
    const here =
      code === 'link_expired' || state === 'passkey_required'
        ? ` Here: ${this.#ways.qr}, or ${this.#ways.code}.`
        : ''
    return `${message} ${action}${here}`
  }

  /** Behind what is still being drawn. */
  #print(line: string): Promise<void> {
    this.#printing = this.#printing.then(() => this.#context.print(line))
    return this.#printing
  }

  #draw(offer: LinkOffer): void {
    this.#printing = this.#printing.then(async () =>
      this.#context.draw(await offerText(offer, this.#context, this.#ways)),
    )
  }
}

function cancelled(): CommandFailure {
  return new CommandFailure('linking was cancelled', { exitCode: INTERRUPTED_EXIT_CODE })
}
