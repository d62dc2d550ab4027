import { createReadStream } from 'node:fs'
import { type FileHandle, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { isRecord } from '../../../protocol/is-record.ts'
import { CommandFailure } from '../../command-failure.ts'

/** Longer answers are none of the daemon's. */
const MAX_ANSWER_LENGTH = 64 * 1_024

/**
 * Hands a file to the daemon, which has proven its identity before, and answers with its `mediaId`. Throws `CommandFailure` where the
 * file cannot be read, and where the daemon refuses it.
 */
export async function uploadFile(file: {
  authority: string
  /** With scope `send`. */
  token: string
  account: string
  path: string
  /** The same file, opened; without it the path is. */
  handle?: FileHandle
  name: string
  signal: AbortSignal
}): Promise<string> {
  const { authority, token, account, path, handle, name, signal } = file
  const size = await sizeOf(path, handle)
  const url = new URL(`http://${authority}/v1/accounts/${encodeURIComponent(account)}/media`)
  url.searchParams.set('name', name)
  const authorization = `Bearer ${token}`
  const headers = { authorization, 'content-type': 'application/octet-stream', 'content-length': size }
  const upload = request(url, { method: 'POST', headers, signal })
  const answered = new Promise<string>((resolve, reject) => {
    upload.once('error', reject)
    upload.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (text.length < MAX_ANSWER_LENGTH) text += chunk
      })
      response.once('end', () => resolve(text))
      response.once('error', reject)
    })
  })
  // A daemon that refuses it early ends the connection: what it answered says why.
  const written = pipeline(
    handle?.createReadStream({ autoClose: false }) ?? createReadStream(path),
    upload,
  ).catch(() => undefined)
  const answer = parse(await answered.catch((error: unknown) => failed(path, error)))
  await written
  if (typeof answer.mediaId === 'string') return answer.mediaId
  const { error } = answer
  const [message, action] = isRecord(error) ? [error.message, error.action] : []
  throw new CommandFailure(
    `${path} was not taken: ${[message ?? 'the daemon gave no reason', action].filter((part) => typeof part === 'string').join(' ')}`,
  )
}

async function sizeOf(path: string, handle: FileHandle | undefined): Promise<number> {
  const facts = await (handle === undefined ? stat(path) : handle.stat()).catch((error: unknown) =>
    failed(path, error),
  )
  if (!facts.isFile()) throw new CommandFailure(`${path} is no file`)
  return facts.size
}

function failed(path: string, cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException
  const why =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EACCES'
        ? 'it may not be read'
        : String(code ?? cause)
  throw new CommandFailure(`${path} cannot be sent: ${why}`, { cause })
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
