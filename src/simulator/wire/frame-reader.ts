const LENGTH_BYTES = 3
const INTRO = Buffer.from([0x57, 0x41, 0x06]) // "WA", protocol version 6; the dictionary's version follows
const INTRO_BYTES = 4
const ROUTING_HEADER_BYTES = 7

/**
 * Cuts a client's byte stream into frames of a three-byte length and that many bytes. The stream opens with WhatsApp's
 * intro, before which a returning client may put the routing information it was given ("ED").
 */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0)
  #introSeen = false
  /** The client's whole intro: part of what both sides hash in the handshake. */
  intro: Buffer = Buffer.alloc(0)
  /** The routing information that the client echoed; empty where it had none. */
  routingInfo: Buffer = Buffer.alloc(0)

  /** The frames that `chunk` completes. Throws on a stream that does not open like WhatsApp's. */
  push(chunk: Uint8Array): Buffer[] {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk])
    if (!this.#introSeen && !this.#readIntro()) return []
    const frames: Buffer[] = []
    while (this.#pending.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#pending.readUIntBE(0, LENGTH_BYTES)
      if (this.#pending.length < end) break
      frames.push(this.#pending.subarray(LENGTH_BYTES, end))
      this.#pending = this.#pending.subarray(end)
    }
    return frames
  }

  #readIntro(): boolean {
    let start = 0
    if (this.#pending.subarray(0, 2).toString('latin1') === 'ED') {
      if (this.#pending.length < ROUTING_HEADER_BYTES) return false
      start = ROUTING_HEADER_BYTES + this.#pending.readUIntBE(4, 3)
    }
    if (this.#pending.length < start + INTRO_BYTES) return false
    this.routingInfo = this.#pending.subarray(Math.min(start, ROUTING_HEADER_BYTES), start)
    this.intro = this.#pending.subarray(start, start + INTRO_BYTES)
    if (!this.intro.subarray(0, INTRO.length).equals(INTRO))
      throw new Error('not a WhatsApp client: wrong intro')
    this.#pending = this.#pending.subarray(start + INTRO_BYTES)
    this.#introSeen = true
    return true
  }
}

/** A frame as it goes on the wire. */
export function frame(payload: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(LENGTH_BYTES + payload.length)
  framed.writeUIntBE(payload.length, 0, LENGTH_BYTES)
  framed.set(payload, LENGTH_BYTES)
  return framed
}
