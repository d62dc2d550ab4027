import type { Daemon } from '../../daemon.ts'
import type { AccountView, LinkOffer } from '../../protocol/account/account.ts'
import type { EventPayload } from '../../protocol/events.ts'
import { redactText } from '../../observability/log/redact-text.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { accountLine } from '../remote/accounts/account-line.ts'
import type { CommandContext } from '../command-context.ts'
import { offerText } from '../remote/link/offer-text.ts'
import { type WaysToLink, waysToLink } from '../remote/link/ways-to-link.ts'

export interface FollowLinkOptions {
  /** Whether linking starts by itself for accounts that can link, and the codes are drawn. */
  drawsQr: boolean
  /** Whether it is said how to link where nothing is drawn. */
  tellsHow: boolean
  /** Where the allowed numbers are. */
  configPath: string
  /** For commands that would not find the daemon without it. */
  stateDir: string | null
}

/**
 * Prints every change of an account's state and, where a person can scan it, every QR: also when somebody is allowed only
 * later. Without a terminal, and after the last code, it says how to link. Returns a function that ends it.
 */
export function followLink(context: CommandContext, daemon: Daemon, options: FollowLinkOptions): () => void {
  const follower = new LinkFollower(context, daemon, options)
  return follower.start()
}

class LinkFollower {
  readonly #context: CommandContext
  readonly #daemon: Daemon
  readonly #options: FollowLinkOptions
  /** Of each account, what was printed last. */
  readonly #shown = new Map<string, Pick<AccountView, 'state' | 'reason'>>()
  /** Their ids. To ask the daemon means to look at every account, for each line that is printed. */
  readonly #accounts = new Set<string>()
  #ended = false

  constructor(context: CommandContext, daemon: Daemon, options: FollowLinkOptions) {
    this.#context = context
    this.#daemon = daemon
    this.#options = options
  }

  start(): () => void {
    const unsubscribe = this.#daemon.subscribe((name, payload) => {
      // `name` says which payload it is; the pair is published together.
      if (name === 'account.status') this.#follow(payload as AccountView)
      else if (name === 'account.qr' || name === 'account.linkCode') this.#draw(payload as LinkOffer)
      else if (name === 'account.removed') this.#forget(payload as EventPayload<'account.removed'>)
    })
    const accounts = this.#daemon.registry.list()
    for (const { account } of accounts) this.#accounts.add(account)
    for (const account of accounts) this.#follow(account)
    return () => {
      this.#ended = true
      unsubscribe()
    }
  }

  #forget({ account }: EventPayload<'account.removed'>): void {
    this.#accounts.delete(account)
    this.#shown.delete(account)
  }

  #follow(account: AccountView): void {
    const before = this.#shown.get(account.account)
    if (this.#ended) return
    this.#accounts.add(account.account)
    if (before?.state === account.state && before.reason?.code === account.reason?.code) return
    this.#shown.set(account.account, account)
    const hint = this.#hint(account)
    const line = [accountLine(account), ...(hint === null ? [] : [hint])].join('\n')
    // Without a terminal this ends up in a log.
    this.#context.print(this.#context.terminal ? line : redactText(line))
    if (this.#options.drawsQr && isReadyToLink(account, before)) void this.#link(account.account)
  }

  /** What to do next from here, where the state's own advice is for a page with buttons. */
  #hint({ account, state, reason, passkey }: AccountView): string | null {
    const { drawsQr, tellsHow, configPath } = this.#options
    if (!tellsHow) return null
    const { qr, code, page } = this.#ways(account)
    if (state === 'passkey_required')
      return `  ${passkey === undefined ? 'To try again' : 'To answer'}: ${qr}   (or ${page})`
    if (state !== 'unlinked') return null
    if (reason?.code === 'nobody_allowed') {
      const then = drawsQr ? 'The QR code is drawn here then.' : `Then link it: ${qr}`
      return `  The numbers stand in ${configPath}, under allowFrom; it is read as soon as it is saved. ${then}`
    }
    if (reason?.code === 'link_expired') return `  For a new code: ${qr}   (or ${code}, or ${page})`
    return drawsQr ? null : `  To link it: ${qr}   (or ${code}, or ${page})`
  }

  #ways(account: string): WaysToLink {
    const isOnly = this.#accounts.size <= 1
    return waysToLink({ account: isOnly ? null : account, stateDir: this.#options.stateDir })
  }

  #draw(offer: LinkOffer): void {
    if (!this.#options.drawsQr || this.#ended) return
    void offerText(offer, this.#context, this.#ways(offer.account)).then((text) =>
      this.#ended ? undefined : this.#context.draw(text),
    )
  }

  async #link(account: string): Promise<void> {
    try {
      await this.#daemon.registry.link(account, { method: 'qr' })
    } catch (error) {
      // The daemon goes on; the page and "whatsappd link" can start it again.
      if (!(error instanceof DaemonError)) throw error
      this.#context.print(`${account}: ${error.message} ${error.action ?? ''}`.trimEnd())
    }
  }
}

/** At the start, and when the first person was allowed; not after codes that expired or were cancelled. */
function isReadyToLink(
  { state, reason }: AccountView,
  before: Pick<AccountView, 'state' | 'reason'> | undefined,
): boolean {
  if (state !== 'unlinked') return false
  return (
    reason?.code === 'not_linked' ||
    (before?.reason?.code === 'nobody_allowed' && reason?.code !== 'too_many_accounts')
  )
}
