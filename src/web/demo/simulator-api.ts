import type { SimulatorState } from '../../protocol/demo-state.ts'
import type { AttachDetail } from './attach-menu.ts'
import type { ChooseDetail, VoteDetail } from './chat-thread.ts'
import { pageUrl } from '../page/page-url.ts'

/** What a person does on a simulated phone. Each throws an `Error` whose message is meant for that person. */
export const simulatorApi = {
  scan: (phoneNumber: string, qr: string) => post(`/phones/${encodeURIComponent(phoneNumber)}/scan`, { qr }),
  enterCode: (phoneNumber: string, code: string) =>
    post(`/phones/${encodeURIComponent(phoneNumber)}/code`, { code }),
  write: (phoneNumber: string, to: string, text: string) =>
    phoneNumber === to
      ? post(`/phones/${encodeURIComponent(phoneNumber)}/self`, { text })
      : post(`/phones/${encodeURIComponent(phoneNumber)}/messages`, { to, text }),
  attach: (phoneNumber: string, to: string, what: AttachDetail) => {
    const phone = `/phones/${encodeURIComponent(phoneNumber)}`
    if (what.kind === 'location') return post(`${phone}/cards`, { to, card: what })
    const { kind, data, name, seconds } = what
    const query = new URLSearchParams({
      to,
      kind,
      ...(data.type !== '' && { mimeType: data.type }),
      ...(name !== undefined && { name }),
      ...(seconds !== undefined && { seconds: String(seconds) }),
    })
    return call('POST', `${phone}/media?${query}`, data)
  },
  vote: (phoneNumber: string, vote: VoteDetail) =>
    post(`/phones/${encodeURIComponent(phoneNumber)}/votes`, vote),
  choose: (phoneNumber: string, { id, option }: ChooseDetail) =>
    post(`/phones/${encodeURIComponent(phoneNumber)}/choices`, { id, option }),
  shareNumber: (phoneNumber: string) => post(`/phones/${encodeURIComponent(phoneNumber)}/share-number`, {}),
  /** Sets the clock of the Business platform and of the daemon's Business accounts forward. */
  leap: (hours: number) => post('/business/leap', { hours }),
  removeDevice: (phoneNumber: string, deviceId: number) =>
    post(`/phones/${encodeURIComponent(phoneNumber)}/remove-companion`, { deviceId }),
  addPasskey: (phoneNumber: string) => post(`/phones/${encodeURIComponent(phoneNumber)}/passkeys`, {}),
  removePasskeys: (phoneNumber: string) =>
    call('DELETE', `/phones/${encodeURIComponent(phoneNumber)}/passkeys`),
  /** What a browser with this phone's passkey would answer, as text. */
  signPasskey: async (phoneNumber: string) =>
    JSON.stringify(await call('POST', `/phones/${encodeURIComponent(phoneNumber)}/passkey-answer`, {})),
}

/** Calls `listener` with the state now and after every change, until the returned function is called. */
export function watchSimulator(listener: (state: SimulatorState) => void): () => void {
  const source = new EventSource(pageUrl('simulator/events'))
  source.addEventListener('state', (event) => {
    // The simulator and this page are of the same release.
    listener(JSON.parse(String(event.data)) as SimulatorState)
  })
  return () => source.close()
}

async function post(path: string, body: unknown): Promise<void> {
  await call('POST', path, body)
}

async function call(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(pageUrl(`simulator${path}`), {
    method,
    headers: { 'Content-Type': body instanceof Blob ? 'application/octet-stream' : 'application/json' },
    ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer
  throw new Error(errorMessage(answer) ?? `the simulator answered ${response.status}`)
}

function errorMessage(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return null
  const { error } = answer
  if (typeof error !== 'object' || error === null || !('message' in error)) return null
  return typeof error.message === 'string' ? error.message : null
}
