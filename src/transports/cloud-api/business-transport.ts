import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { RemoteMedia } from '../../messaging/content.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { MediaOutcome, MediaTarget } from '../../messaging/media-outcome.ts'
import type { MessageReference } from '../../messaging/message-reference.ts'
import type { SendHold } from '../../messaging/send-hold.ts'
import type { SendOutcome } from '../../messaging/outcome.ts'
import type { OutgoingMessage } from '../../messaging/outgoing-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import { untilAborted } from '../../timing/until-aborted.ts'
import { CLOUD_API_CAPABILITIES } from './capabilities.ts'
import type { GraphAccess } from './graph/graph-access.ts'
import type { GraphClient } from './graph/graph-client.ts'
import { problemOfCode } from './graph/graph-problem.ts'
import { failureOf } from './graph/problem-sentences.ts'
import { FailedRequests } from './media/failed-requests.ts'
import { MediaFetch, type MediaFetchDependencies } from './media/media-fetch.ts'
import { refusalOfFile, uploadFile } from './media/upload-file.ts'
import type { UploadStore } from './media/upload-store.ts'
import { InboundMarks } from './outbound/inbound-marks.ts'
import { type AnsweredContact, sendMessage } from './outbound/send-message.ts'
import { SendPauses } from './outbound/send-pauses.ts'
import type { TemplateCatalog } from './templates/template-catalog.ts'
import type { ConversationWindows } from './window/conversation-windows.ts'

const LOCAL_ID_BYTES = 12
/** Messages in a second of a number that Meta has raised to nothing more. */
const STANDARD_RATE = 80

type BusinessTemplates = Pick<TemplateCatalog, 'list' | 'knownNames' | 'statusChanged'>

export interface BusinessTransportDependencies {
  graph: Pick<GraphClient, 'call' | 'openFile'>
  /** As they are now; `null` where there are none. */
  access: () => GraphAccess | null
  uploads: UploadStore
  people: {
    /** Of an address, a number in E.164, or `bsuid:<id>`. Nobody can be asked: what is known came with messages. */
    identify(person: string): SenderIdentity
  }
  /** Who a message went to, by Meta's answer. */
  answered: (contact: AnsweredContact) => void
  /** What people wrote and is not worked on yet. */
  words: {
    /** Inside of the caller's transaction. */
    forget(addresses: readonly string[]): void
    keepsWordsOf(addresses: readonly string[]): boolean
  }
  templates: BusinessTemplates
  windows: Pick<ConversationWindows, 'closesAt' | 'freeUntil' | 'refusal' | 'refused'>
  /** The account's own number, E.164, where Meta has told it. */
  ownNumber: () => string | null
  /** Messages in a second, where Meta or a person has told it; `null` for the standard. */
  messagesPerSecond: () => number | null
  fence: (() => void) | undefined
  /** `hold` is another. */
  changed: () => void
  logger: Logger
  now: () => number
  /** Shorter ones, for tests. */
  timings?: { media?: MediaFetchDependencies['timings']; markSpacingMs?: number } | undefined
}

/** What goes out of a Business number, over the Graph API. */
export class BusinessTransport implements Transport {
  readonly capabilities = CLOUD_API_CAPABILITIES
  /** Meta dates messages by its own clock, which no call tells; the machine's is taken for right. */
  readonly clockOffsetMs = 0
  readonly clockReadings = 0
  readonly #deps: BusinessTransportDependencies
  readonly #pauses: SendPauses
  readonly #marks: InboundMarks
  readonly #media: MediaFetch
  #ready = false
  /** Who waits until it is ready. */
  #waiting: (() => void)[] = []

  constructor(deps: BusinessTransportDependencies) {
    this.#deps = deps
    const { graph, access, logger, now, changed, timings } = deps
    const perSecond = (): number => deps.messagesPerSecond() ?? STANDARD_RATE
    this.#pauses = new SendPauses({ perSecond, changed, now })
    this.#marks = new InboundMarks({
      graph,
      phoneNumberId: () => this.#phoneNumberId,
      mayCall: () => this.#ready && this.#pauses.account === null,
      logger,
      spacingMs: timings?.markSpacingMs,
    })
    this.#media = new MediaFetch({
      graph,
      access,
      untilReady: (signal) => this.#untilReady(signal),
      failures: new FailedRequests(now),
      logger,
      timings: timings?.media,
    })
  }

  get ready(): boolean {
    return this.#ready
  }

  get ownNumber(): string | null {
    return this.#deps.ownNumber()
  }

  get templates(): BusinessTemplates {
    return this.#deps.templates
  }

  /** Why nothing at all goes out now; `null` while something does. */
  get hold(): SendHold | null {
    return this.#pauses.account
  }

  get #phoneNumberId(): string | null {
    return this.#deps.access()?.phoneNumberId ?? null
  }

  /** The account can be used now, or no longer. */
  readyChanged(ready: boolean): void {
    this.#ready = ready
    if (!ready) return this.#marks.stop()
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    // What was refused a moment ago may end the account.
    await nextTurn()
    if (this.#ready) return
    await untilAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal)
  }

  /** What Meta refused may be right now: a person says so, or a check of the account. */
  tryAgain(): void {
    this.#pauses.resume()
  }

  /** The status of a message that Meta had taken says that it was refused: some codes mean that others would be, too. */
  refusedLater(address: string, { code, details }: { code: number | null; details: string }): void {
    if (code !== null) this.#pauses.refused(address, problemOfCode({ code, details }))
  }

  /** No call and no timer is left. */
  stop(): void {
    this.readyChanged(false)
    this.#pauses.stop()
  }

  /** Comes back in every status of the message (`biz_opaque_callback_data`). */
  newLocalId(): string {
    return `WB${randomBytes(LOCAL_ID_BYTES).toString('hex').toUpperCase()}`
  }

  holdOf({ address }: ChatReference): SendHold | null {
    return this.#pauses.holdOf(address)
  }

  windowClosesAt({ address }: ChatReference): number | null {
    return this.#deps.windows.closesAt(address)
  }

  freeUntil({ address }: ChatReference): number | null {
    return this.#deps.windows.freeUntil(address)
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.#ready) return NOT_READY
    const { people, uploads, now } = this.#deps
    const phoneNumberId = (): string | null => this.#phoneNumberId
    return sendMessage(message, signal, {
      ...this.#deps,
      pauses: this.#pauses,
      phoneNumberId,
      mediaIdOf: (localId) => uploads.find(localId, phoneNumberId() ?? '', now()),
      forgetUpload: (localId) => uploads.forget([localId]),
      numberOf: (address) => people.identify(address).phoneNumber?.value ?? null,
    })
  }

  async upload(
    { localId, chat, content }: OutgoingMessage,
    signal: AbortSignal,
  ): ReturnType<Transport['upload']> {
    if (content.kind !== 'message' || content.part.kind !== 'file') return null
    const { file } = content.part
    const { uploads, graph, now, windows } = this.#deps
    const id = this.#phoneNumberId
    if (!this.#ready || id === null) return NOT_READY
    if (uploads.find(localId, id, now()) !== null) return null
    const closed = windows.refusal(chat.address, content)
    if (closed !== null) return closed
    const refusal = refusalOfFile(file)
    if (refusal !== null) return { outcome: 'refused', ...refusal }
    const uploaded = await uploadFile(graph, id, file, signal)
    if ('failure' in uploaded) return { outcome: 'refused', ...uploaded.failure }
    if ('mediaId' in uploaded) {
      uploads.keep(localId, id, uploaded.mediaId, now())
      return null
    }
    const { problem } = uploaded
    const why = `the file was not uploaded (${problem.code ?? problem.details})`
    const hold = this.#pauses.refused(chat.address, problem)
    if (hold !== null) return { outcome: 'unconfirmed', why, nothingLeft: true, interrupted: true, hold }
    const isPassing = problem.kind === 'retry'
    if (isPassing)
      return {
        outcome: 'unconfirmed',
        why,
        nothingLeft: true,
        interrupted: signal.aborted,
        isNotUploaded: true,
      }
    return { outcome: 'refused', code: 'file_refused', message: failureOf(problem).message }
  }

  /** It ends by itself, with the answer or after 25 s. */
  async setTyping({ address }: ChatReference, typing: boolean, about?: MessageReference): Promise<void> {
    if (!typing) this.#marks.notTyping(address)
    else if (about !== undefined) this.#marks.typing(about)
  }

  async markRead(messages: readonly MessageReference[]): Promise<void> {
    this.#marks.read(messages)
  }

  fetchMedia(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    return this.#media.fetch(media, to, signal)
  }

  /** Groups are not served. */
  async groupName(): Promise<null> {
    return null
  }

  identifyMention(): null {
    return null
  }

  forget(addresses: readonly string[], localIds: readonly string[]): void {
    this.#deps.words.forget(addresses)
    this.#deps.uploads.forget(localIds)
  }

  keepsWordsOf(addresses: readonly string[]): boolean {
    return this.#deps.words.keepsWordsOf(addresses)
  }

  identify(address: string): SenderIdentity {
    return this.#deps.people.identify(address)
  }

  async resolveSender(address: string): Promise<SenderIdentity> {
    return this.identify(address)
  }

  /** A number is taken as it is: nobody can be asked whether it has WhatsApp. */
  async findRecipient(person: string): Promise<SenderIdentity> {
    return this.identify(person)
  }
}

const NOT_READY = {
  outcome: 'unconfirmed',
  why: 'the account is not ready',
  nothingLeft: true,
  interrupted: true,
} as const satisfies SendOutcome
