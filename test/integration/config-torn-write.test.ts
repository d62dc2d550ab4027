import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ALICE, allowing, BOB, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(async () => {
  vi.useRealTimers()
  await place.stop()
})

describe('a file that is written in pieces', () => {
  it('keeps the old config between the pieces, and says nothing when they come quickly', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    const text = allowing(BOB)
    // However long this process waits for its turn, a piece comes 20 ms after the one before.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    truncateSync(place.path)
    for (const piece of text.match(/[^]{1,20}/g) ?? []) {
      await new Promise(setImmediate)
      await vi.advanceTimersByTimeAsync(20)
      expect(place.allowed).toEqual([ALICE])
      appendFileSync(place.path, piece)
    }
    await expect
      .poll(async () => {
        await vi.advanceTimersByTimeAsync(20)
        return place.allowed
      })
      .toEqual([BOB])
    expect(place.rejected).toEqual([])
  })

  it('reports half a file that stays half, keeps the old config, and recovers with the other half', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    const text = allowing(BOB)
    const half = text.slice(0, text.indexOf(BOB) + 4)
    writeFileSync(place.path, half)
    // Long enough for the other half to come, short enough to be told while one still looks at the editor.
    const milliseconds = await place.untilRejected()
    expect(milliseconds).toBeGreaterThan(80)
    expect(milliseconds).toBeLessThan(15_000)
    expect(place.allowed).toEqual([ALICE])
    expect(place.rejected).toMatchObject([{ code: 'syntax', path: '', line: 2 }])
    expect(place.service.problems).toEqual(place.rejected)
    appendFileSync(place.path, text.slice(half.length))
    await place.untilAllowed(BOB)
    expect(place.service.problems).toEqual([])
    expect(place.rejected).toHaveLength(1)
  })

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t\n'],
    ['a comment', '// soon\n'],
    ['a byte order mark', '\uFEFF'],
    ['zeros, as after a crash of the machine', '\0'.repeat(64)],
  ])('takes %s for a torn write, not for "nobody"', async (_name, text) => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.write(text)
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
    expect(place.service.problems).toHaveLength(1)
    await place.restart()
    expect(place.allowed).toEqual([ALICE])
    expect(place.service.problems).toHaveLength(1)
    place.write('{}')
    await place.untilAllowed()
    expect(place.service.problems).toEqual([])
  })
})

it('lets in nobody but those of the old or the whole new file, wherever the new one is cut', async () => {
  place = await ConfigPlace.with(allowing(ALICE))
  const text = `{ channels: { whatsapp: { allowFrom: ['${BOB}', 15555550199, ] } } } // end\n`
  const whole = JSON.stringify([BOB, '+15555550199'])
  for (let length = 0; length < text.length; length += 1) {
    const cut = length
    await place.restart(() => place.write(text.slice(0, cut)))
    expect([JSON.stringify([ALICE]), whole]).toContain(JSON.stringify(place.allowed))
    // Back to what was valid before, so that every cut is taken alone.
    await place.restart(() => place.write(allowing(ALICE)))
  }
})
