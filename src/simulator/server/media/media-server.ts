import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { UploadFault } from '../../faults/media-faults.ts'
import { Recording } from '../../phones/recording.ts'
import { stanza, type Stanza } from '../../wire/stanza.ts'
import type { Environment } from '../environment.ts'
import { folderOf, MediaStore, type StoredBlob, tokenOf } from './media-store.ts'
import { MediaTickets, type TicketHolder } from './media-tickets.ts'
import { byteRange, sendDownload } from './send-download.ts'

const UPLOAD = /^\/mms\/([a-z-]+)\/([\w-]+)(?:%3D|=)*$/
/** As every client names itself (Baileys `DEFAULT_ORIGIN`, whatsmeow `socket.Origin`). */
const ORIGIN = 'https://web.whatsapp.com'
/** Room for what encryption adds. */
const PADDING_BYTES = 1_024
const MB = 1_000_000
/** What WhatsApp's apps send at most of a kind; of others as much as the simulator keeps of one file. */
const MOST_BYTES: Readonly<Record<string, number>> = { image: 16 * MB, audio: 16 * MB, video: 64 * MB }
const DOWNLOAD = /^\/v\/[\w.-]+\/[\w.-]+$/

/** A request for a file, and how it was answered. */
export interface MediaRequest {
  kind: 'upload' | 'download'
  /** Without its query. */
  path: string
  status: number
  /** E.164 of the account that uploads, by its ticket; downloads name nobody. */
  account: string | null
  /** How many bytes were taken or given. */
  size: number
}

type MediaEnvironment = Pick<Environment, 'faults' | 'now' | 'random' | 'habits'>

/**
 * WhatsApp's servers for files, on the simulator's own port: `POST /mms/<type>/<token>` takes an encrypted file from who has a
 * ticket, `GET <direct path>` gives it to anybody. Source: Baileys rc14 (`messages-media.js`), whatsmeow (`upload.go`, `download.go`).
 */
export class MediaServer {
  /** What clients asked for; phones reach the store without a request. */
  readonly requests = new Recording<MediaRequest>()
  readonly store: MediaStore
  readonly tickets: MediaTickets
  /** The host and port that clients are told, where something stands before the simulator; `null`: its own. */
  reachedAt: string | null = null
  readonly #deps: MediaEnvironment & { host: () => string }

  constructor(deps: MediaEnvironment & { host: () => string }) {
    this.#deps = deps
    this.store = new MediaStore(deps)
    this.tickets = new MediaTickets(deps)
  }

  get #host(): string {
    return this.reachedAt ?? this.#deps.host()
  }

  /** The answer to `media_conn`: where files are kept, and a ticket for uploads. */
  connection(companion: TicketHolder): Stanza {
    const seconds = String(this.#deps.habits.mediaConnSeconds)
    const hosts = [...this.#deps.faults.media.hosts, this.#host]
    return stanza(
      'media_conn',
      {
        auth: this.tickets.issue(companion),
        ttl: seconds,
        auth_ttl: seconds,
        max_buckets: '12',
        max_manual_retry: '3',
        max_auto_download_retry: '3',
      },
      hosts.map((hostname) =>
        stanza('host', { hostname, type: 'primary', class: 'mms' }, [stanza('upload'), stanza('download')]),
      ),
    )
  }

  /** Where a file is to be fetched, as messages and the answer to an upload name it. */
  urlOf({ directPath }: StoredBlob): string {
    return `http://${this.#host}${directPath}&mms3=true`
  }

  /** Answers a request about a file; `false` for every other request, which is left alone. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://media')
    const upload = request.method === 'POST' ? UPLOAD.exec(pathname) : null
    const isDownload = request.method === 'GET' && DOWNLOAD.test(pathname)
    if (upload === null && !isDownload) return false
    const [, type = '', token = ''] = upload ?? []
    const answered =
      upload === null
        ? this.#download(request, response, { path: pathname, query })
        : this.#upload(request, response, { path: pathname, query, type, token })
    answered.catch(() => response.destroy())
    return true
  }

  async #download(
    request: IncomingMessage,
    response: ServerResponse,
    { path, query }: { path: string; query: URLSearchParams },
  ): Promise<void> {
    const record = { kind: 'download', path, account: null } as const
    const end = (status: number, headers: Record<string, string> = {}): void => {
      this.requests.add({ ...record, status, size: 0 })
      response.writeHead(status, headers).end()
    }
    const fault = this.#deps.faults.media.downloads.strike()
    if (fault?.kind === 'status') return end(fault.status)
    if (fault?.kind === 'redirect') return end(302, { location: fault.to })
    if (request.headers.origin !== ORIGIN) return end(400)
    const found = this.store.get(request.url ?? '')
    if ('status' in found) return end(found.status)
    const hash = query.get('hash')
    const type = query.get('mms-type')
    if (hash !== null && plain(hash) !== found.token) return end(404)
    if (type !== null && type !== found.type) return end(folderOf(type) === undefined ? 400 : 404)
    const { range } = request.headers
    const size = found.bytes.length
    const part = range === undefined ? { start: 0, end: size } : byteRange(range, size)
    if (part === null) return end(416)
    const body = found.bytes.subarray(part.start, part.end)
    const [status, headers] =
      range === undefined
        ? ([200, {}] as const)
        : ([206, { 'content-range': `bytes ${part.start}-${part.end - 1}/${size}` }] as const)
    this.requests.add({ ...record, status, size: body.length })
    return sendDownload(response, { status, body, headers: { 'accept-ranges': 'bytes', ...headers } }, fault)
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { path: string; query: URLSearchParams; type: string; token: string },
  ): Promise<void> {
    const { path, query, type, token } = asked
    const ticket = this.tickets.check(query.get('auth'))
    const account = 'account' in ticket ? ticket.account.phoneNumber : null
    const end = (status: number, body: object, size = 0): void => {
      this.requests.add({ kind: 'upload', path, status, account, size })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (status: number, message: string): void => {
      request.resume()
      end(status, { error: { code: status, message } })
    }
    const fault = this.#deps.faults.media.uploads.strike(account ?? undefined)
    if (fault?.kind === 'status') return refuse(fault.status, 'a fault')
    if (fault?.kind === 'cut') return void request.once('data', () => request.destroy())
    if (fault?.kind === 'redirect') return void response.writeHead(307, { location: fault.to }).end()
    if (request.headers.origin !== ORIGIN) return refuse(400, 'the origin is not that of WhatsApp Web')
    if ('status' in ticket) return refuse(ticket.status, 'the auth is not valid')
    if (folderOf(type) === undefined) return refuse(404, 'unknown type')
    if (plain(query.get('token') ?? '') !== token) return refuse(400, 'the token is not that of the path')
    if (query.get('resume') === '1') {
      request.resume()
      const known = this.store.find(token)
      return end(200, known === undefined ? { resume: 0 } : { resume: 'complete', ...this.#placeOf(known) })
    }
    const mostOfKind = (MOST_BYTES[type] ?? Number.POSITIVE_INFINITY) + PADDING_BYTES
    const bytes = await bodyOf(request, Math.min(this.#deps.habits.mediaMaxBytes, mostOfKind))
    if (bytes === null) return refuse(413, 'the file is too large')
    if (bytes.length === 0 || tokenOf(bytes) !== token)
      return refuse(400, 'the token is not that of the bytes')
    const place = this.#placeOf(this.store.put(type, bytes))
    if (fault === undefined) return end(200, place, bytes.length)
    this.requests.add({ kind: 'upload', path, status: 200, account, size: bytes.length })
    return answerBadly(response, place, fault)
  }

  #placeOf(blob: StoredBlob): { url: string; direct_path: string } {
    return { url: this.urlOf(blob), direct_path: blob.directPath }
  }
}

/** Base64url without the padding that some clients send. */
function plain(token: string): string {
  return token.replace(/(?:=|%3D)+$/, '')
}

/** The whole body; `null` where it is larger. Rejects where the client goes away. */
async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    // Without an encoding a request gives bytes.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size <= maxBytes) chunks.push(bytes)
    else chunks.length = 0
  }
  return size > maxBytes ? null : Buffer.concat(chunks)
}

/** Answers an upload that was taken as `fault` has it. Resolves when nothing more is said. */
async function answerBadly(
  response: ServerResponse,
  place: object,
  fault: Exclude<UploadFault, { kind: 'status' | 'cut' | 'redirect' }>,
): Promise<void> {
  const json = { 'content-type': 'application/json' }
  if (fault.kind === 'lost-answer') response.destroy()
  if (fault.kind === 'answer') response.writeHead(200, json).end(fault.body)
  if (fault.kind !== 'slow') return
  await delay(fault.afterMs)
  response.writeHead(200, json).end(JSON.stringify(place))
}
