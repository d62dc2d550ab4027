import type { WhatsappdClient } from '../../../client/client.ts'
import type { RequestError } from '../../../client/request-error.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import { toRequestError } from './to-request-error.ts'

const PAGE_SIZE = 30
/** After the last key, so that not every letter is searched for. */
const REST_MS = 200
/** As people write numbers: with spaces, brackets and hyphens. */
const NUMBER = /^\+?[\d\s()./-]+$/
/** Of E.164. */
const MIN_DIGITS = 7
const MAX_DIGITS = 15
/** More are not listed: better words find the message sooner. */
const MAX_HITS = 300

export type SearchHit = MethodResult<'conversations.search'>['hits'][number]

export interface MessageSearchDeps {
  client: Pick<WhatsappdClient, 'request'>
  account: string
  changed: () => void
  /** A hit is in a conversation whose name is not known yet. */
  wants: (conversationId: string) => void
  /** Conversations that are called so are searched for. */
  wantsNamed: (text: string) => void
  /** A number is searched for, whose conversation may not be known yet. E.164. */
  wantsNumber: (phoneNumber: string) => void
}

/** What is searched for, and what was found of it. */
export class MessageSearch {
  readonly #deps: MessageSearchDeps
  #text = ''
  #hits: readonly SearchHit[] = []
  #cursor: string | null = null
  #isSearching = false
  #isIndexing = false
  #error: RequestError | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #generation = 0

  constructor(deps: MessageSearchDeps) {
    this.#deps = deps
  }

  get hits(): readonly SearchHit[] {
    return this.#hits
  }

  get isSearching(): boolean {
    return this.#isSearching
  }

  /** Some of what was said is found a while later. */
  get isIndexing(): boolean {
    return this.#isIndexing
  }

  get error(): RequestError | null {
    return this.#error
  }

  /** Searches for `text` soon, in the place of what was searched for before; `''` for nothing. */
  look(text: string): void {
    const wanted = text.trim()
    if (wanted === this.#text) return
    this.stop()
    this.#text = wanted
    this.#hits = []
    this.#cursor = null
    this.#error = null
    this.#isSearching = wanted !== ''
    if (wanted !== '') this.#timer = setTimeout(() => this.#begin(), REST_MS)
    this.#deps.changed()
  }

  /** The next hits, unless a search is under way or there are none. */
  async more(): Promise<void> {
    if (this.#isSearching || this.#cursor === null || this.#hits.length >= MAX_HITS) return
    this.#isSearching = true
    await this.#read()
  }

  /** Searches for the same anew: some of what was found is gone. */
  again(): void {
    const text = this.#text
    this.look('')
    this.look(text)
  }

  /** What was found in a conversation is in the one that it has turned out to be. */
  move(formerId: string, conversationId: string): void {
    this.#hits = this.#hits.map((hit) => (hit.conversationId === formerId ? { ...hit, conversationId } : hit))
  }

  /** Ends what is under way. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#generation += 1
    this.#isSearching = false
  }

  #begin(): void {
    const phoneNumber = numberIn(this.#text)
    if (phoneNumber !== null) this.#deps.wantsNumber(phoneNumber)
    this.#deps.wantsNamed(this.#text)
    void this.#read()
  }

  async #read(): Promise<void> {
    const generation = this.#generation
    const { client, account, changed, wants } = this.#deps
    const cursor = this.#cursor
    try {
      const found = await client.request('conversations.search', {
        account,
        text: this.#text,
        limit: PAGE_SIZE,
        ...(cursor !== null && { cursor }),
      })
      if (generation !== this.#generation) return
      this.#hits = [...this.#hits, ...found.hits]
      this.#cursor = found.cursor
      this.#isIndexing = found.indexing
      for (const conversationId of new Set(found.hits.map((hit) => hit.conversationId))) wants(conversationId)
    } catch (error) {
      if (generation !== this.#generation) return
      this.#error = toRequestError(error)
    }
    this.#isSearching = false
    changed()
  }
}

/** The number that is searched for, with its country code; `null` for other texts. */
function numberIn(text: string): string | null {
  const digits = text.replaceAll(/\D/g, '').replace(/^00/, '')
  const isNumber = NUMBER.test(text) && digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS
  return isNumber ? `+${digits}` : null
}
