import type { TextReader } from '../../text/text-reader.ts'
import type { ReadyItem } from './items/item-preparation.ts'

/** What an agent said, and how it is read. */
interface Said {
  text: string
  reader: TextReader
}

/** A piece of an answer that can be queued. */
export type AnswerPiece = {
  /** How many paragraphs and items of the answer it is: as many are left out when the agent repeats the answer after a crash. */
  count: number
  /** WhatsApp's id of the message that the agent wants quoted by it; `null` where it names none. */
  quotes: string | null
} & (({ kind: 'words' } & Said) | { kind: 'item'; item: ReadyItem; reader: TextReader })
