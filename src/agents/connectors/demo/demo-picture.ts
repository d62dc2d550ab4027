import { crc32, deflateSync } from 'node:zlib'

const WIDTH = 320
const HEIGHT = 200
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The picture that the demo's assistant sends: a sunrise over water, as a PNG. */
export function demoPicture(): Buffer {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3))
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) rows.set(colorAt(x, y), y * (1 + WIDTH * 3) + 1 + x * 3)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8) // 8 bits, RGB
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function colorAt(x: number, y: number): [number, number, number] {
  const horizon = HEIGHT * 0.62
  const distance = Math.hypot(x - WIDTH / 2, (y - horizon) * 1.05)
  if (y < horizon && distance < 46) return [255, 214, 120]
  const glow = Math.max(0, 1 - distance / 190)
  if (y < horizon) return [60 + 180 * glow, 70 + 80 * glow, 120 - 20 * glow]
  const wave = Math.sin(y * 0.9 + Math.sin(x * 0.06) * 2) * 14
  return [30 + 150 * glow + wave, 60 + 70 * glow + wave, 100 + wave]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
