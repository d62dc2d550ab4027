const SAMPLE_RATE = 48_000
const MAX_SEGMENT = 255
const SERIAL = 1
const CONTINUES_NOTHING = { first: 2, middle: 0, last: 4 }

/**
 * Opus packets as an Ogg file, the form in which WhatsApp's phones send voice notes: one channel, one packet a page.
 * Source: RFC 3533, RFC 7845. `packetMs` is how long one packet lasts.
 */
export function oggOpus(packets: readonly Uint8Array[], packetMs: number): Uint8Array<ArrayBuffer> {
  const samples = (packetMs * SAMPLE_RATE) / 1_000
  const pages = [
    page(header(), { flags: CONTINUES_NOTHING.first, granule: 0, number: 0 }),
    page(comment(), { flags: CONTINUES_NOTHING.middle, granule: 0, number: 1 }),
    ...packets.map((packet, index) =>
      page(packet, {
        flags: index === packets.length - 1 ? CONTINUES_NOTHING.last : CONTINUES_NOTHING.middle,
        granule: (index + 1) * samples,
        number: index + 2,
      }),
    ),
  ]
  const file = new Uint8Array(pages.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const each of pages) {
    file.set(each, offset)
    offset += each.length
  }
  return file
}

function header(): Uint8Array {
  const bytes = new Uint8Array(19)
  bytes.set(ascii('OpusHead'))
  bytes.set([1, 1], 8) // version, channels
  new DataView(bytes.buffer).setUint32(12, SAMPLE_RATE, true)
  return bytes
}

function comment(): Uint8Array {
  const vendor = ascii('whatsappd demo')
  const bytes = new Uint8Array(8 + 4 + vendor.length + 4)
  bytes.set(ascii('OpusTags'))
  new DataView(bytes.buffer).setUint32(8, vendor.length, true)
  bytes.set(vendor, 12)
  return bytes
}

function page(packet: Uint8Array, o: { flags: number; granule: number; number: number }): Uint8Array {
  const full = Math.floor(packet.length / MAX_SEGMENT)
  const segments = [...Array.from({ length: full }, () => MAX_SEGMENT), packet.length % MAX_SEGMENT]
  const bytes = new Uint8Array(27 + segments.length + packet.length)
  const view = new DataView(bytes.buffer)
  bytes.set(ascii('OggS'))
  view.setUint8(5, o.flags)
  view.setBigInt64(6, BigInt(o.granule), true)
  view.setUint32(14, SERIAL, true)
  view.setUint32(18, o.number, true)
  view.setUint8(26, segments.length)
  bytes.set(segments, 27)
  bytes.set(packet, 27 + segments.length)
  view.setUint32(22, checksum(bytes), true)
  return bytes
}

/** CRC-32 of Ogg: polynomial 0x04c11db7, neither reflected nor inverted. */
function checksum(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0)
  }
  return crc >>> 0
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
