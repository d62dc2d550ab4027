import { allowedNumberEdits } from './allowed-number-edits.ts'
import type { AllowedNumberEdits } from './allowed-number-edits.ts'
import { listQuestions } from './list-questions.ts'
import type { ListQuestions } from './list-questions.ts'
import type { LiveView } from './live-view.ts'
import { type PairingDecisions, pairingDecisions } from './pairing-decisions.ts'
import { passkeyActions } from './passkey-actions.ts'
import type { PasskeyActions } from './passkey-actions.ts'
import { saveSettings } from './save-settings.ts'
import type { SettingChange } from './save-settings.ts'
import { senderChange } from './sender-names.ts'

/** What a person can do with one account. Each resolves true when the daemon did it. */
export interface CardActions extends AllowedNumberEdits, ListQuestions, PasskeyActions, PairingDecisions {
  link(): Promise<boolean>
  linkByCode(phoneNumber: string): Promise<boolean>
  cancelLink(): Promise<boolean>
  reconnect(): Promise<boolean>
  /** Takes the link over from another process. */
  takeOver(): Promise<boolean>
  /** Takes over the link that another program left in the account's directory. */
  importLink(): Promise<boolean>
  disconnect(): Promise<boolean>
  setEnabled(enabled: boolean): Promise<boolean>
  /** Adds another account; this one stays as it is. */
  create(id: string, name: string): Promise<boolean>
  /** `mayLoseLink` confirms the removal of files that cannot be read, which may hold a link. */
  remove(mayLoseLink: boolean): Promise<boolean>
  /** Sends a reply that failed again. */
  retryReply(messageId: string): Promise<boolean>
  /** Erases a reply that failed. */
  discardReply(messageId: string): Promise<boolean>
  /** Sets a key of the account, or removes it (`undefined`). */
  change(path: string[], value: unknown): Promise<boolean>
  /** Which agent answers `number`; `''` for the default one. */
  setAgent(number: string, agent: string): Promise<boolean>
  allowEverybody(everybody: boolean): Promise<boolean>
}

const SLOW = { timeoutMs: 60_000 }

/** The actions of `account`, run through `live`, which shows the action in progress and the last failure. */
export function cardActions(live: LiveView, account: string): CardActions {
  const run: LiveView['perform'] = (action, work) => live.perform(action, work)
  const link = (action: string, how: { method: 'qr' } | { method: 'code'; phoneNumber: string }) =>
    run(action, async (client) => {
      const offer = await client.request('accounts.link', { account, ...how }, SLOW)
      live.dispatch({ type: 'offer', offer })
    })
  const slow =
    (action: string, method: 'accounts.reconnect' | 'accounts.import' | 'accounts.disconnect') => () =>
      run(action, (client) => client.request(method, { account }, SLOW))
  const update = (changes: () => SettingChange[], confirm: ('everybody' | 'nobody')[] = []) =>
    run('change', (client) => saveSettings(live, client, { account, changes: changes(), confirm }))
  return {
    link: () => link('link', { method: 'qr' }),
    linkByCode: (phoneNumber) => link('linkByCode', { method: 'code', phoneNumber }),
    ...passkeyActions(live, account),
    cancelLink: () => run('cancelLink', (client) => client.request('accounts.cancelLink', { account })),
    reconnect: slow('reconnect', 'accounts.reconnect'),
    takeOver: () =>
      run('takeOver', (client) =>
        client.request(
          client.can('accounts.takeOver') ? 'accounts.takeOver' : 'accounts.reconnect',
          { account },
          SLOW,
        ),
      ),
    importLink: slow('importLink', 'accounts.import'),
    disconnect: slow('disconnect', 'accounts.disconnect'),
    setEnabled: (enabled) =>
      run('setEnabled', (client) => client.request('accounts.setEnabled', { account, enabled })),
    create: (id, name) =>
      run('create', async (client) => {
        const created = await client.request('accounts.create', { id, name })
        live.dispatch({ type: 'account', account: created.account })
      }),
    remove: (mayLoseLink) =>
      run('remove', async (client) => {
        await client.request('accounts.remove', { account, ...(mayLoseLink && { confirm: ['link'] }) })
        live.dispatch({ type: 'removed', account })
      }),
    ...allowedNumberEdits(live, account),
    ...listQuestions(live, account),
    ...pairingDecisions(live, account),
    retryReply: (messageId) =>
      run(`reply ${messageId}`, (client) => client.request('outbox.retry', { account, messageId })),
    discardReply: (messageId) =>
      run(`reply ${messageId}`, (client) => client.request('outbox.discard', { account, messageId })),
    change: (path, value) => update(() => [{ path, value }]),
    setAgent: (number, agent) =>
      update(() => [senderChange(live.state.config?.accounts[account], number, { agent })]),
    allowEverybody: (everybody) =>
      update(
        () => [
          { path: ['dmPolicy'], value: everybody ? 'open' : 'allowlist' },
          everybodyListed(live, account, everybody),
        ],
        [everybody ? 'everybody' : 'nobody'],
      ),
  }
}

/** Adds or removes the `*`. Older daemons accept only the whole list. */
function everybodyListed(live: LiveView, account: string, everybody: boolean): SettingChange {
  const path = ['allowFrom']
  const settings = live.state.config?.accounts[account]
  if (settings?.allowFromComplete !== undefined)
    return everybody ? { path, add: ['*'] } : { path, remove: ['*'] }
  const listed = settings?.allowFrom.filter((number) => number !== '*') ?? []
  return { path, value: everybody ? [...listed, '*'] : listed }
}
