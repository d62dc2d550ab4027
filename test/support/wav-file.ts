/** A WAV file with a tone of 440 Hz, 8 kHz, one channel. `loudness` at a time in seconds: from 0 to 1. */
export function wavFile(seconds: number, loudness: (at: number) => number = () => 1): Buffer {
  const rate = 8_000
  const samples = Buffer.alloc(Math.round(seconds * rate) * 2)
  for (let index = 0; index * 2 < samples.length; index += 1) {
    const at = index / rate
    samples.writeInt16LE(Math.round(30_000 * loudness(at) * Math.sin(2 * Math.PI * 440 * at)), index * 2)
  }
  const header = Buffer.alloc(44)
  header.write('RIFF')
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    header.writeUInt16LE(value, at)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
