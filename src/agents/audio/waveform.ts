/** As many bars as WhatsApp draws for a voice message, each from 0 to 100. */
const BARS = 64
const HIGHEST = 100

/** Counts how loud a sound is while it streams by: samples of 16 bits, little endian, one channel. Keeps one number a block. */
export class WaveformMeter {
  readonly #blockLength: number
  readonly #levels: number[] = []
  #sum = 0
  #count = 0
  /** The first half of a sample whose second one comes with the next bytes. */
  #half: number | null = null

  /** `blockLength`: samples that one number stands for. */
  constructor(blockLength: number) {
    this.#blockLength = blockLength
  }

  add(bytes: Buffer): void {
    let at = 0
    if (this.#half !== null && bytes.length > 0) {
      this.#addSample(Buffer.from([this.#half, bytes[0] ?? 0]).readInt16LE(0))
      this.#half = null
      at = 1
    }
    for (; at + 1 < bytes.length; at += 2) this.#addSample(bytes.readInt16LE(at))
    if (at < bytes.length) this.#half = bytes[at] ?? 0
  }

  /** 64 values from 0 to 100, of which the loudest is 100; all 0 for silence, and `null` where there was no sound at all. */
  bars(): Uint8Array | null {
    const levels = this.#count === 0 ? this.#levels : [...this.#levels, Math.sqrt(this.#sum / this.#count)]
    if (levels.length === 0) return null
    const bars = Array.from({ length: BARS }, (_, bar) => loudest(levels, bar))
    const top = Math.max(...bars)
    return Uint8Array.from(bars, (level) => (top === 0 ? 0 : Math.round((level / top) * HIGHEST)))
  }

  #addSample(sample: number): void {
    this.#sum += sample * sample
    this.#count += 1
    if (this.#count < this.#blockLength) return
    this.#levels.push(Math.sqrt(this.#sum / this.#count))
    this.#sum = 0
    this.#count = 0
  }
}

/** Of the blocks under one bar; a short sound has fewer blocks than bars, and several bars show one. */
function loudest(levels: readonly number[], bar: number): number {
  const from = Math.floor((bar * levels.length) / BARS)
  const until = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / BARS))
  return levels.slice(from, until).reduce((top, level) => Math.max(top, level), 0)
}
