import { createHash } from 'node:crypto'
import type { BusinessEnvironment } from '../business-environment.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { newDigits, newLetters } from '../new-id.ts'

/** Files of all numbers that are kept at most; the oldest go first. */
const MAX_FILES = 5_000

export interface MediaFile {
  id: string
  number: BusinessNumber
  bytes: Buffer
  mimeType: string
  name: string | null
  /** When its id is forgotten; milliseconds since the epoch. */
  expiresAt: number
  /** As Meta writes it here: base64, sometimes hex. */
  hash: string
}

/** An address that a file can be fetched from for a while. */
interface MediaAddress {
  file: MediaFile
  expiresAt: number
}

/** The files that people sent and the business uploaded. */
export class MediaFiles {
  readonly #env: Pick<BusinessEnvironment, 'now' | 'random' | 'habits' | 'faults' | 'mediaUrl'>
  readonly #files = new Map<string, MediaFile>()
  readonly #addresses = new Map<string, MediaAddress>()

  constructor(env: Pick<BusinessEnvironment, 'now' | 'random' | 'habits' | 'faults' | 'mediaUrl'>) {
    this.#env = env
  }

  /** A person sent it. */
  receive(number: BusinessNumber, file: Pick<MediaFile, 'bytes' | 'mimeType' | 'name'>): MediaFile {
    return this.#keep(number, file, this.#env.habits.mediaIdMs.received)
  }

  /** The business uploaded it. */
  upload(number: BusinessNumber, file: Pick<MediaFile, 'bytes' | 'mimeType' | 'name'>): MediaFile {
    return this.#keep(number, file, this.#env.habits.mediaIdMs.uploaded)
  }

  /** `undefined` once its time is over. */
  get(id: string): MediaFile | undefined {
    const file = this.#files.get(id)
    return file === undefined || this.#env.now() >= file.expiresAt ? undefined : file
  }

  delete(id: string): boolean {
    return this.#files.delete(id)
  }

  /** What a webhook says of a file. */
  inWebhook(file: MediaFile): Record<string, unknown> {
    const { random, habits } = this.#env
    return {
      mime_type: file.mimeType,
      sha256: file.hash,
      id: file.id,
      ...(random.chance(habits.mediaUrlInWebhookRate) ? { url: this.addressOf(file) } : {}),
    }
  }

  /** A new address of a file, for five minutes. */
  addressOf(file: MediaFile): string {
    const { now, random, habits, faults } = this.#env
    for (const [key, { expiresAt }] of this.#addresses) if (expiresAt <= now()) this.#addresses.delete(key)
    const expiresAt = now() + habits.mediaUrlMs
    const hash = newLetters(random, 40)
    this.#addresses.set(hash, { file, expiresAt })
    const query = new URLSearchParams({
      mid: file.id,
      source: 'getMedia',
      ext: String(Math.floor(expiresAt / 1_000)),
      hash,
    })
    // Whoever uses 360dialog has to put its host in the place of this one.
    const host = file.number.provider === '360dialog' ? 'https://lookaside.fbsbx.com' : this.#env.mediaUrl()
    return `${faults.mediaHost ?? host}/whatsapp_business/attachments/?${query}`
  }

  /** The file at an address; `undefined` where there is none any more. */
  atAddress(query: URLSearchParams): MediaFile | undefined {
    const address = this.#addresses.get(query.get('hash') ?? '')
    if (address === undefined || this.#env.now() >= address.expiresAt) return undefined
    return address.file.id === query.get('mid') ? address.file : undefined
  }

  #keep(
    number: BusinessNumber,
    { bytes, mimeType, name }: Pick<MediaFile, 'bytes' | 'mimeType' | 'name'>,
    forMs: number,
  ): MediaFile {
    const { now, random, habits } = this.#env
    const encoding = random.chance(habits.hexHashRate) ? 'hex' : 'base64'
    const hash = createHash('sha256').update(bytes).digest(encoding)
    const id = newDigits(random, 16)
    const file: MediaFile = { id, number, bytes, mimeType, name, expiresAt: now() + forMs, hash }
    this.#files.set(id, file)
    const oldest = this.#files.keys().next().value
    if (this.#files.size > MAX_FILES && oldest !== undefined) this.#files.delete(oldest)
    return file
  }
}
