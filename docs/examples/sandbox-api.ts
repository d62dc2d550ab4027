/** What the dashboard's own server says about this user's sandbox. */
export interface Sandbox {
  /** Of the control plane, `wss://…/v1/ws`. */
  url: string
}

export async function fetchSandbox(): Promise<Sandbox> {
  const { origin } = (await (await fetch('/api/sandbox')).json()) as { origin: string }
  return { url: `${origin.replace('http', 'ws')}/v1/ws` }
}

/** A fresh token for this user and this sandbox. The card calls it for every connection. */
export async function fetchSandboxToken(): Promise<string> {
  const response = await fetch('/api/sandbox/token', { method: 'POST' })
  if (!response.ok) throw new Error(`no token: ${response.status}`)
  return response.text()
}
