import { normalizeMessageContent } from '@whiskeysockets/baileys'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { RecordedMessage, SentMessage } from '../../src/simulator/phones/records.ts'
import type { MediaRequest } from '../../src/simulator/server/media/media-server.ts'
import { wordsOfFile } from './assistants/question-file.mjs'

/** Of WhatsApp, in characters. */
const MAX_CAPTION = 1_024

/** The files that people send and get: nobody fetches what is not for the assistant, and each is what was sent. */
export class FileBook {
  /** Whether the disk is full at times. */
  mayLackRoom = false
  readonly #forbidden = new Set<string>()

  /** A file to which nobody owes an answer, and that nobody may fetch. */
  forbid({ message }: SentMessage): void {
    const path = normalizeMessageContent(message)?.documentMessage?.directPath
    if (path) this.#forbidden.add(path.split('?')[0] ?? '')
  }

  /** Whether this request is for such a file. */
  isForbidden({ kind, path }: MediaRequest): boolean {
    return kind === 'download' && this.#forbidden.has(path)
  }

  /** What is wrong with the file of a message at a phone; `null` where it is whole, and belongs to the words of the message. */
  complaint(phone: SimulatedPhone, { media, text }: RecordedMessage): string | null {
    if (media === undefined) return null
    if (media.sha256 === null) return media.problem
    const file = phone.files.get(media.sha256)
    if (file === undefined) return 'the phone does not have it'
    const words = wordsOfFile(file)
    // What is too long to be a caption follows as a text.
    const isCut = text !== '' && words !== null && words.length > MAX_CAPTION && words.startsWith(text)
    return words === text || isCut ? null : `it belongs to ${JSON.stringify(words?.slice(0, 60))}`
  }
}
