import type { LiveView } from './live-view.ts'

/** What a person can do with one account. Each resolves true when the daemon did it. */
export interface CardActions {
  link(): Promise<boolean>
  linkByCode(phoneNumber: string): Promise<boolean>
  cancelLink(): Promise<boolean>
  reconnect(): Promise<boolean>
  disconnect(): Promise<boolean>
  setEnabled(enabled: boolean): Promise<boolean>
  allow(phoneNumber: string): Promise<boolean>
  setAllowFrom(allowFrom: string[], revision: string | undefined): Promise<boolean>
}

/** The actions of `account`, run through `live`, which shows what is under way and what failed. */
export function cardActions(live: LiveView, account: string): CardActions {
  return {
    link: () =>
      live.perform('link', async (client) => {
        const offer = await client.request('accounts.link', { account, method: 'qr' }, { timeoutMs: 45_000 })
        live.dispatch({ type: 'offer', offer })
      }),
    linkByCode: (phoneNumber) =>
      live.perform('linkByCode', async (client) => {
        const params = { account, method: 'code', phoneNumber } as const
        live.dispatch({
          type: 'offer',
          offer: await client.request('accounts.link', params, { timeoutMs: 45_000 }),
        })
      }),
    cancelLink: () =>
      live.perform('cancelLink', (client) => client.request('accounts.cancelLink', { account })),
    reconnect: () =>
      live.perform('reconnect', (client) =>
        client.request('accounts.reconnect', { account }, { timeoutMs: 45_000 }),
      ),
    disconnect: () =>
      live.perform('disconnect', (client) =>
        client.request('accounts.disconnect', { account }, { timeoutMs: 45_000 }),
      ),
    setEnabled: (enabled) =>
      live.perform('setEnabled', (client) => client.request('accounts.setEnabled', { account, enabled })),
    allow: (phoneNumber) =>
      live.perform(`allow ${phoneNumber}`, async (client) => {
        const result = await client.request('config.addAllowFrom', { account, allowFrom: [phoneNumber] })
        live.dispatch({ type: 'allowFrom', account, ...result })
      }),
    setAllowFrom: (allowFrom, revision) =>
      live.perform('setAllowFrom', async (client) => {
        const params = { account, allowFrom, ...(revision === undefined ? {} : { revision }) }
        const result = await client.request('config.setAllowFrom', params)
        live.dispatch({ type: 'allowFrom', account, ...result })
      }),
  }
}
