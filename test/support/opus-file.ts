/** An Ogg file with Opus, made by hand: `seconds` of silence in whole tenths, as a phone records it but for the sound. RFC 3533, RFC 7845. */
export function opusFile({ seconds, channels = 1 }: { seconds: number; channels?: number }): Buffer {
  const pages = Math.round(seconds * 10)
  const sound = Array.from({ length: pages }, (_, index) =>
    page({
      sequence: index + 2,
      position: (index + 1) * 4_800 + PRE_SKIP,
      // Five packets of 20 ms; this one is silence (RFC 6716, 3.1: SILK, wide band, 20 ms).
      packets: Array.from({ length: 5 }, () => Buffer.from([0x48, 0x00])),
      type: index === pages - 1 ? ENDS : 0,
    }),
  )
  return Buffer.concat([
    page({ sequence: 0, position: 0, packets: [headerOf(channels)], type: BEGINS }),
    page({ sequence: 1, position: 0, packets: [COMMENT], type: 0 }),
    ...sound,
  ])
}

const BEGINS = 2
const ENDS = 4
const PRE_SKIP = 312
const COMMENT = Buffer.concat([
  Buffer.from('OpusTags'),
  Buffer.from([1, 0, 0, 0]),
  Buffer.from('x'),
  Buffer.alloc(4),
])

function headerOf(channels: number): Buffer {
  const header = Buffer.alloc(19)
  header.write('OpusHead')
  header[8] = 1
  header[9] = channels
  header.writeUInt16LE(PRE_SKIP, 10)
  header.writeUInt32LE(48_000, 12)
  return header
}

function page({
  sequence,
  position,
  packets,
  type,
}: {
  sequence: number
  position: number
  packets: readonly Buffer[]
  type: number
}): Buffer {
  const header = Buffer.alloc(27)
  header.write('OggS')
  header[5] = type
  header.writeBigInt64LE(BigInt(position), 6)
  header.writeUInt32LE(7, 14)
  header.writeUInt32LE(sequence, 18)
  header[26] = packets.length
  const whole = Buffer.concat([header, Buffer.from(packets.map(({ length }) => length)), ...packets])
  whole.writeUInt32LE(checksum(whole), 22)
  return whole
}

/** RFC 3533, 6: the polynomial 0x04c11db7, neither reflected nor inverted. */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  }
  return sum >>> 0
}
