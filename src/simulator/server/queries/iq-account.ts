import type { IqHandler } from './iq-handler.ts'
import { answerMex } from './iq-mex.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { child, children, iqError, iqResult, stanza } from '../../wire/stanza.ts'

const answer =
  (...content: Stanza[]): IqHandler =>
  ({ request, session }) =>
    session.send(iqResult(request, content.length === 0 ? undefined : content))

const refuse =
  (code: number, message: string): IqHandler =>
  ({ request, session }) =>
    session.send(iqError(request, code, message))

/** Answers with an empty result. */
export const acknowledge: IqHandler = answer()

/** `lid_one_on_one_migration_enabled` (whatsapp-rust `abprops.rs`). */
const LID_MIGRATION = '9435'

/** Queries about the account and its settings, by namespace; the answers are those of a new account. */
export const ACCOUNT_QUERIES: Readonly<Record<string, IqHandler>> = {
  // A client that names the hash of what it has is told changes alone.
  abt: ({ request, session, companion }) => {
    const isMigrated = companion.account.lidMigration === 'migrated'
    const hash = `simulated-${String(isMigrated)}`
    const isKnown = child(request, 'props')?.attrs.hash === hash
    const props = [stanza('prop', { config_code: LID_MIGRATION, config_value: String(Number(isMigrated)) })]
    const attributes = { protocol: '1', ab_key: 'simulated', hash, refresh: '86400', refresh_id: '1' }
    session.send(
      iqResult(request, [
        stanza('props', { ...attributes, delta_update: String(isKnown) }, isKnown ? [] : props),
      ]),
    )
  },
  blocklist: answer(stanza('list', { dhash: '1' }, [])),
  privacy: ({ request, session, companion, network }) => {
    const everyone = stanza('category', { name: 'readreceipts', value: 'all' })
    if (request.attrs.type === 'get')
      return session.send(iqResult(request, [stanza('privacy', {}, [everyone])]))
    // Tokens for people, whose linked clients are given one.
    const tokens = children(child(request, 'tokens'), 'token').flatMap(({ attrs }) => {
      const contact = network.directory.account(attrs.jid)
      for (const device of contact?.companions ?? []) network.privacyTokens.issue(companion.account, device)
      return (contact && network.privacyTokens.ask(contact, companion)) ?? []
    })
    session.send(iqResult(request, tokens.length === 0 ? undefined : [stanza('tokens', {}, tokens)]))
  },
  'w:m': ({ request, session, companion, network }) =>
    session.send(iqResult(request, [network.media.connection(companion)])),
  'w:sync:app:state': ({ request, session, companion }) => {
    const asked = children(child(request, 'sync'), 'collection')
    companion.account.appState?.answer(asked, companion).then(
      (collections) => session.send(iqResult(request, [stanza('sync', {}, collections)])),
      () => session.send(iqError(request, 400, 'bad-request')),
    )
  },
  'urn:xmpp:whatsapp:dirty': (query) => {
    for (const { attrs } of children(query.request, 'clean'))
      query.companion.dirtyBits.delete(attrs.type ?? '')
    acknowledge(query)
  },
  'w:profile:picture': refuse(404, 'item-not-found'),
  'w:mex': answerMex,
}
