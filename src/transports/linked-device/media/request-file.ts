import { type Agent, get as plainGet, type IncomingMessage } from 'node:http'
import { get as secureGet } from 'node:https'

/** The answer of a server of files, whatever it is. Redirects are not followed. Rejects with the signal's reason, and with errors of the network. */
export function requestFile(
  {
    url,
    agent,
    headers,
  }: { url: string; agent: Agent | undefined; headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.startsWith('https:') ? secureGet : plainGet
    const sent = start(
      url,
      { agent, headers: { ...headers, 'accept-encoding': 'identity' }, signal },
      resolve,
    )
    sent.on('error', reject)
    // While it has no socket, its own error comes only when the proxy has answered.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
