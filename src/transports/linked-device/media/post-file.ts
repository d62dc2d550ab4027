import { type Agent, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { EncryptedFile } from './encrypted-file.ts'

/** Nothing moved for so long. */
const IDLE_TIMEOUT_MS = 30_000
/** An answer is a short JSON. */
const MAX_ANSWER_BYTES = 64 * 1_024

export interface PostAnswer {
  status: number
  body: string
}

/**
 * Sends an encrypted file to a server, as it is read from the disk, and answers with what the server says; redirects are answers.
 * Rejects when the connection fails, nothing moves for 30 s, or the signal is aborted.
 */
export async function postFile(
  url: URL,
  file: EncryptedFile,
  o: { agent: Agent | undefined; headers: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<PostAnswer> {
  const start = url.protocol === 'https:' ? secureRequest : plainRequest
  const sent = start(url, {
    method: 'POST',
    agent: o.agent,
    signal: o.signal,
    headers: { ...o.headers, 'content-type': 'application/octet-stream', 'content-length': file.length },
  })
  sent.setTimeout(IDLE_TIMEOUT_MS, () => sent.destroy(new Error('the server of files stopped reacting')))
  const answered = new Promise<PostAnswer>((resolve, reject) => {
    sent.on('response', (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        body += text
        if (body.length > MAX_ANSWER_BYTES) answer.destroy(new Error('the answer is too long'))
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    // While it has no socket, its own error comes only when the proxy has answered.
    o.signal.addEventListener('abort', () => reject(o.signal.reason as Error), { once: true })
  })
  // A server may refuse before it has read everything: its answer counts, and not that it hung up.
  const written = pipeline(file.read(), sent)
  written.catch(() => {})
  try {
    return await answered
  } finally {
    sent.destroy()
    await written.catch(() => {})
  }
}
