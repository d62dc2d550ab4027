/** `HistorySync.conversations` (WAProto of Baileys rc14). */
const CONVERSATIONS = 2
/** Of one field; what is longer is left out. The longest text of a message has 64 KB, and its thumbnail less. */
export const MAX_FIELD_BYTES = 1024 * 1024
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5]

/** A field of one chat, or the end of that chat. */
export type HistoryPiece = { number: number; raw: Buffer; value: Buffer } | 'end'

/**
 * Takes an encoded `HistorySync` apart while it comes, field by field: a chat may have any number of messages, and none of it is ever there as
 * a whole. Gives the fields of chats alone.
 */
export class HistorySplitter {
  #buffer: Buffer = Buffer.alloc(0)
  /** Bytes of a field that is left out. */
  #toSkip = 0
  /** What is left of the chat; `null` outside of one. */
  #ofChat: number | null = null

  /** What is complete with this. Throws where it is no message of protobuf. */
  push(bytes: Buffer): HistoryPiece[] {
    const pieces: HistoryPiece[] = []
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes])
    for (;;) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, this.#buffer.length)
        this.#toSkip -= skipped
        this.#consume(skipped)
        if (this.#toSkip > 0) return pieces
      }
      if (this.#ofChat === 0) {
        this.#ofChat = null
        pieces.push('end')
      }
      const field = this.#field()
      if (field === null) return pieces
      if (field !== 'left out') pieces.push(field)
    }
  }

  /** `null` while it is not complete. */
  #field(): HistoryPiece | 'left out' | null {
    const tag = readVarint(this.#buffer, 0)
    if (tag === null) return null
    const [number, type] = [Math.floor(tag.value / 8), tag.value % 8]
    const size = this.#sizeOf(type, tag.end)
    if (size === null) return null
    const { start, length } = size
    if (this.#ofChat === null && number === CONVERSATIONS && type === BYTES) {
      this.#consume(start)
      this.#ofChat = length
      return 'left out'
    }
    if (this.#ofChat !== null && start + length > this.#ofChat)
      throw new Error('a chat of the history has a field that is longer than the chat')
    if (length > MAX_FIELD_BYTES) {
      if (this.#ofChat !== null) this.#ofChat -= start + length
      this.#consume(start)
      this.#toSkip = length
      return 'left out'
    }
    const end = start + length
    if (this.#buffer.length < end) return null
    const raw = Buffer.from(this.#buffer.subarray(0, end))
    const isOfChat = this.#ofChat !== null
    if (this.#ofChat !== null) this.#ofChat -= end
    this.#consume(end)
    return isOfChat ? { number, raw, value: raw.subarray(start) } : 'left out'
  }

  /** Where the value begins, and how long it is. `null` while that is not known. */
  #sizeOf(type: number, from: number): { start: number; length: number } | null {
    if (type === FIXED64) return { start: from, length: 8 }
    if (type === FIXED32) return { start: from, length: 4 }
    const varint = readVarint(this.#buffer, from)
    if (type === VARINT) return varint && { start: from, length: varint.end - from }
    if (type !== BYTES) throw new Error('a field of the history has a type that is none')
    return varint && { start: varint.end, length: varint.value }
  }

  #consume(bytes: number): void {
    this.#buffer = this.#buffer.subarray(bytes)
  }
}

/** `null` where it does not end in what is there. Values beyond 2^53 are those of numbers, which nobody here reads. */
function readVarint(buffer: Buffer, from: number): { value: number; end: number } | null {
  let value = 0
  for (let index = 0; index < 10; index += 1) {
    const byte = buffer[from + index]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, end: from + index + 1 }
  }
  throw new Error('a number of the history does not end')
}
