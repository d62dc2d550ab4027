import { obtainToken } from '../../../client/obtain-token.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import type { CardToken } from '../../card/whatsapp-card.ts'
import { toRequestError } from './to-request-error.ts'

const TOKEN_TIMEOUT_MS = 15_000
/** Older ones are loaded again when they are looked at. */
const MAX_KEPT_FILES = 60
/** A browser runs none of these; every other type is a file to save, whatever its sender calls it. */
const HARMLESS_TYPE = /^(?:image\/(?:jpeg|png|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/

/** A file of a message in this page. `url` is an address of the browser's own, which ends when the file is dropped. */
export type MediaFile =
  | { state: 'loading' }
  | { state: 'ready'; url: string }
  /** `null`: it is here, and the page or the browser does not show it. */
  | { state: 'failed'; error: RequestError | null }

export interface MediaFilesDeps {
  /** Of the control plane, such as `wss://sandbox.example/v1/ws`. */
  url: string
  token: CardToken
  account: string
  changed: () => void
}

/** What a request carries. */
interface Upload {
  method?: 'POST'
  headers?: Readonly<Record<string, string>>
  body?: Blob
}

/**
 * The files of the messages of an account, loaded with the token of the page: an address with a token in it would be in histories and
 * logs. At most 60 are kept.
 */
export class MediaFiles {
  readonly #deps: MediaFilesDeps
  readonly #base: string
  readonly #files = new Map<string, MediaFile>()
  readonly #saving = new Set<string>()
  readonly #refusals = new Map<string, RequestError>()
  /** The file that a person has asked to be played, until it plays. */
  #pressed: string | null = null
  /** Of the page, for all files; until the daemon refuses it. */
  #token: Promise<string> | null = null
  #isClosed = false

  constructor(deps: MediaFilesDeps) {
    this.#deps = deps
    const base = deps.url.replace(/^ws/, 'http').replace(/\/ws$/, '')
    this.#base = `${base}/accounts/${encodeURIComponent(deps.account)}/media`
  }

  get(mediaId: string): MediaFile | undefined {
    return this.#files.get(mediaId)
  }

  /** Loads a file to be shown, once. */
  async load(mediaId: string): Promise<void> {
    const known = this.#files.get(mediaId)
    if (known !== undefined && known.state !== 'failed') return
    this.#keep(mediaId, { state: 'loading' })
    try {
      const url = URL.createObjectURL(await this.#fetch(mediaId))
      if (this.#isClosed) URL.revokeObjectURL(url)
      else this.#keep(mediaId, { state: 'ready', url })
    } catch (error) {
      this.#keep(mediaId, { state: 'failed', error: toRequestError(error) })
    }
  }

  /** Loads a file that a person has asked to be played. */
  async play(mediaId: string): Promise<void> {
    this.#pressed = mediaId
    await this.load(mediaId)
  }

  /** Whether this file has to begin to play: once for each time that it was asked for, and only the last one. */
  takePressed(mediaId: string): boolean {
    if (this.#pressed !== mediaId) return false
    this.#pressed = null
    return true
  }

  /** The person looks at something else: nothing plays there by itself. */
  forgetPressed(): void {
    this.#pressed = null
  }

  /** What the page shows it with may not show it: its policy forbids that, or the browser cannot read it. */
  cannotShow(mediaId: string): void {
    this.#drop(mediaId)
    this.#keep(mediaId, { state: 'failed', error: null })
  }

  /** Hands the bytes of a file to `save`; why that failed is `refusal`. One that is on its way is not asked for again. */
  async download(mediaId: string, save: (bytes: Blob) => void): Promise<void> {
    if (this.#saving.has(mediaId)) return
    this.#saving.add(mediaId)
    this.#refusals.delete(mediaId)
    this.#deps.changed()
    try {
      save(await this.#fetch(mediaId))
    } catch (error) {
      this.#refusals.set(mediaId, toRequestError(error))
    } finally {
      this.#saving.delete(mediaId)
      this.#deps.changed()
    }
  }

  /** Why the last download of a file failed. */
  refusal(mediaId: string): RequestError | null {
    return this.#refusals.get(mediaId) ?? null
  }

  /** Hands a file to the daemon; answers with its id, for `messages.send`. Rejects with `RequestError`. */
  async upload(file: File): Promise<string> {
    const response = await this.#request(`${this.#base}?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers: { 'Content-Type': file.type === '' ? 'application/octet-stream' : file.type },
      body: file,
    })
    // The daemon's own route, typed there.
    const { mediaId } = (await response.json()) as { mediaId: string }
    return mediaId
  }

  /** Ends every address, once and for all. */
  close(): void {
    this.#isClosed = true
    this.dropAll()
  }

  /** Ends every address: what is looked at is loaded again, where it is still there. */
  dropAll(): void {
    for (const mediaId of this.#files.keys()) this.#drop(mediaId)
  }

  async #fetch(mediaId: string): Promise<Blob> {
    const response = await this.#request(`${this.#base}/${encodeURIComponent(mediaId)}`)
    const bytes = await response.blob()
    return HARMLESS_TYPE.test(bytes.type) ? bytes : bytes.slice(0, bytes.size, 'application/octet-stream')
  }

  /** A token function may have handed out one that has expired since: it is asked once more. */
  async #request(url: string, init: Upload = {}, isAgain = false): Promise<Response> {
    const asked = (this.#token ??= obtainToken(this.#deps.token, TOKEN_TIMEOUT_MS))
    const token = await asked.catch((error: unknown) => {
      this.#dropToken(asked)
      throw error
    })
    const headers = { ...init.headers, Authorization: `Bearer ${token}` }
    let response: Response
    try {
      response = await fetch(url, { ...init, headers, credentials: 'omit', cache: 'no-store' })
    } catch (cause) {
      throw new RequestError('connection_lost', 'The daemon cannot be reached.', { retryable: true, cause })
    }
    if (response.ok) return response
    if (response.status === 401) this.#dropToken(asked)
    if (response.status === 401 && typeof this.#deps.token === 'function' && !isAgain)
      return this.#request(url, init, true)
    throw await refusalOf(response)
  }

  /** Unless another one was asked for meanwhile. */
  #dropToken(asked: Promise<string>): void {
    if (this.#token === asked) this.#token = null
  }

  #keep(mediaId: string, file: MediaFile): void {
    if (this.#isClosed) return
    this.#files.delete(mediaId)
    this.#files.set(mediaId, file)
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= MAX_KEPT_FILES) break
      this.#drop(oldest)
    }
    this.#deps.changed()
  }

  #drop(mediaId: string): void {
    const file = this.#files.get(mediaId)
    if (file?.state === 'ready') URL.revokeObjectURL(file.url)
    this.#files.delete(mediaId)
  }
}

/** What the daemon says, where it is the daemon that answers. */
async function refusalOf(response: Response): Promise<RequestError> {
  const answer: unknown = await response.json().catch(() => null)
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null
  const { code, message, action } = (error ?? {}) as { code?: unknown; message?: unknown; action?: unknown }
  if (typeof code !== 'string' || typeof message !== 'string')
    return new RequestError('internal_error', `The daemon answered ${response.status}.`)
  // The daemon's table is closed and frozen, as in the client.
  return new RequestError(code as ErrorCode, message, typeof action === 'string' ? { action } : {})
}
