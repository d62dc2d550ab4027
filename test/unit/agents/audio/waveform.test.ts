import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WaveformMeter } from '../../../../src/agents/audio/waveform.ts'

function samples(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeInt16LE(value, index * 2)
  return bytes
}

function barsOf(pieces: readonly Buffer[], blockLength = 4): number[] | null {
  const meter = new WaveformMeter(blockLength)
  for (const piece of pieces) meter.add(piece)
  const bars = meter.bars()
  return bars && [...bars]
}

it('has 64 bars from 0 to 100 in whatever pieces the sound comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 600 }),
      fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 8 }),
      (values, lengths) => {
        const whole = samples(values)
        const pieces: Buffer[] = []
        for (let at = 0, index = 0; at < whole.length; index += 1) {
          const length = (lengths[index % lengths.length] ?? 0) + 1
          pieces.push(whole.subarray(at, at + length))
          at += length
        }
        const bars = barsOf(pieces)
        expect(bars).toEqual(barsOf([whole]))
        expect(bars).toHaveLength(64)
        expect(Math.max(...(bars ?? []))).toBe(values.some((value) => value !== 0) ? 100 : 0)
        expect(Math.min(...(bars ?? []))).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})

it('shows where it is loud', () => {
  const bars = barsOf([samples([...Array<number>(512).fill(0), ...Array<number>(512).fill(9_000)])])
  expect(bars?.slice(0, 32)).toEqual(Array(32).fill(0))
  expect(bars?.slice(32)).toEqual(Array(32).fill(100))
})

it('has no bars without a sound', () => {
  expect(barsOf([])).toBeNull()
})
