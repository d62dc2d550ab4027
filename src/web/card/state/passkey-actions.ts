import type { LiveView } from './live-view.ts'

/** What a person does while an account is linked with a passkey. Each resolves true when the daemon did it. */
export interface PasskeyActions {
  /** Hands over what a browser has signed. */
  answerPasskey(ceremonyId: string, assertion: Record<string, unknown>): Promise<boolean>
  /** Whether the code on the phone is the same; if not, the link ends. */
  confirmPasskey(ceremonyId: string, matches: boolean): Promise<boolean>
}

export function passkeyActions(live: LiveView, account: string): PasskeyActions {
  return {
    answerPasskey: (ceremonyId, assertion) =>
      live.perform('answerPasskey', (client) =>
        client.request('accounts.passkey.answer', { account, ceremonyId, assertion }),
      ),
    confirmPasskey: (ceremonyId, matches) =>
      live.perform('confirmPasskey', (client) =>
        client.request('accounts.passkey.confirm', { account, ceremonyId, matches }),
      ),
  }
}
