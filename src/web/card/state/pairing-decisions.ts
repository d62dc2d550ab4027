import type { LiveView } from './live-view.ts'

/** The decisions about people who ask for access. */
export interface PairingDecisions {
  /** Lets the person with this code write. */
  approvePairing(code: string): Promise<boolean>
  rejectPairing(code: string): Promise<boolean>
}

export function pairingDecisions(live: LiveView, account: string): PairingDecisions {
  const decide = (method: 'pairing.approve' | 'pairing.reject', code: string): Promise<boolean> =>
    live.perform(`pairing ${code}`, async (client) => {
      await client.request(method, { account, code })
      const requests = (live.state.pairing[account] ?? []).filter((request) => request.code !== code)
      live.dispatch({ type: 'pairing', account, requests })
    })
  return {
    approvePairing: (code) => decide('pairing.approve', code),
    rejectPairing: (code) => decide('pairing.reject', code),
  }
}
