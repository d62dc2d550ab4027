import type { Daemon } from '../../daemon.ts'
import type { AccountView, LinkOffer } from '../../protocol/account.ts'
import { redactText } from '../../observability/log/redact-text.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { accountLine } from '../remote/account-line.ts'
import type { CommandContext } from '../command-context.ts'
import { offerText } from '../remote/offer-text.ts'

/**
 * Prints every change of an account's state and, where a person can scan it, every QR. With `drawsQr` linking starts by
 * itself for accounts that can link. Returns a function that ends it.
 */
export function followLink(
  context: CommandContext,
  daemon: Daemon,
  options: { drawsQr: boolean },
): () => void {
  const shown = new Map<string, string>()
  let ended = false
  const show = (account: AccountView): void => {
    const key = `${account.state}/${account.reason?.code ?? ''}`
    if (ended || shown.get(account.account) === key) return
    shown.set(account.account, key)
    const line = accountLine(account)
    // Without a terminal this ends up in a log.
    context.print(context.terminal ? line : redactText(line))
  }
  const draw = (offer: LinkOffer): void => {
    if (!options.drawsQr || ended) return
    void offerText(offer, { colours: context.terminal }).then((text) =>
      ended ? undefined : context.draw(text),
    )
  }
  const unsubscribe = daemon.subscribe((name, payload) => {
    // `name` says which payload it is; the pair is published together.
    if (name === 'account.status') show(payload as AccountView)
    else if (name === 'account.qr' || name === 'account.linkCode') draw(payload as LinkOffer)
  })
  for (const account of daemon.registry.list()) {
    show(account)
    if (options.drawsQr && account.state === 'unlinked' && account.reason?.code === 'not_linked') {
      void startLinking(context, daemon, account.account)
    }
  }
  return () => {
    ended = true
    unsubscribe()
  }
}

async function startLinking(context: CommandContext, daemon: Daemon, account: string): Promise<void> {
  try {
    await daemon.registry.link(account, { method: 'qr' })
  } catch (error) {
    // The daemon goes on; the page and "whatsappd link" can start it again.
    if (!(error instanceof DaemonError)) throw error
    context.print(`${account}: ${error.message} ${error.action ?? ''}`.trimEnd())
  }
}
