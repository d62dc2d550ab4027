import type { LiveView } from './live-view.ts'
import { passkeyActions } from './passkey-actions.ts'
import type { PasskeyActions } from './passkey-actions.ts'

/** What a person can do with the link of one account. Each resolves true when the daemon did it. */
export interface LinkActions extends PasskeyActions {
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
}

const SLOW = { timeoutMs: 60_000 }

/** The actions of `account`, run through `live`, which shows the action in progress and the last failure. */
export function linkActions(live: LiveView, account: string): LinkActions {
  const run: LiveView['perform'] = (action, work) => live.perform(action, work)
  const link = (action: string, how: { method: 'qr' } | { method: 'code'; phoneNumber: string }) =>
    run(action, async (client) => {
      const offer = await client.request('accounts.link', { account, ...how }, SLOW)
      live.dispatch({ type: 'offer', offer })
    })
  const slow =
    (action: string, method: 'accounts.reconnect' | 'accounts.import' | 'accounts.disconnect') => () =>
      run(action, (client) => client.request(method, { account }, SLOW))
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
  }
}
