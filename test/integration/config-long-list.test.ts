import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONNECTORS } from '../../src/agents/registry.ts'
import type { Config } from '../../src/config/model.ts'
import { resolveConfig } from '../../src/config/read/resolve.ts'
import { ConfigPlace } from './config-place.ts'

/** In milliseconds: what used to be one stall at least. Taking out 1,000 was one of 43 s. */
let readHere = 0
const numbers = Array.from({ length: 22_000 }, (_, index) => `+1212${2_000_000 + index}`)
const line = (number: string): string => `        '${number}', // somebody`

function file(list: readonly string[]): string {
  const rest = ['      ],', "      groups: { '*': { requireMention: false } },", '    },', '  },', '}', '']
  return ['{', '  channels: {', '    whatsapp: {', '      allowFrom: [', ...list.map(line), ...rest].join(
    '\n',
  )
}

let place: ConfigPlace
const delay = monitorEventLoopDelay({ resolution: 1 })

/** Does the work, and answers with the longest time for which nothing else could run, in milliseconds. */
async function stallOf(work: () => Promise<unknown>): Promise<number> {
  delay.reset()
  delay.enable()
  // It is measured from one tick of a timer to the next: the first must have come, and the last.
  await wait(20)
  await work()
  await wait(20)
  delay.disable()
  return delay.max / 1e6
}

/** Half a second at most, or less than half of what reading the list takes on this machine just now. */
function expectNoStall(stall: number): void {
  expect(stall).toBeLessThan(Math.max(500, readHere / 2))
}

beforeAll(async () => {
  place = await ConfigPlace.with(file(numbers))
})
afterAll(() => place.stop())

test('a long list is the same config, whichever thread has read it', () => {
  const begun = performance.now()
  const here: Config = resolveConfig(file(numbers), {
    directory: place.directory,
    env: {},
    connectors: CONNECTORS,
  })
  readHere = performance.now() - begun
  expect(place.service.current).toStrictEqual(here)
  for (const record of [here, place.service.current]) {
    expect(Object.getPrototypeOf(record.accounts)).toBeNull()
    expect(Object.getPrototypeOf(record.accounts['default']?.groupAccess.groups)).toBeNull()
  }
})

test('a thousand of 22,000 numbers are taken out without holding anything up', async () => {
  const gone = numbers.filter((_, index) => index % 22 === 7)
  expect(gone).toHaveLength(1_000)
  const stall = await stallOf(() => place.service.removeAllowFrom(gone))
  const left = numbers.filter((_, index) => index % 22 !== 7)
  expect(place.text).toBe(file(left))
  expect(place.allowed).toEqual(left)
  expectNoStall(stall)
})

test('several settings are changed at once without holding anything up', async () => {
  const changes = Array.from({ length: 50 }, (_, index) => ({
    path: ['senders', `+1213${2_000_000 + index}`, 'name'],
    value: `Person ${index}`,
  }))
  const stall = await stallOf(() => place.service.update(changes))
  expect(Object.keys(place.account.senders)).toHaveLength(50)
  expect(place.allowed).toHaveLength(21_000)
  expectNoStall(stall)
})

test('a save by hand is in force without holding anything up, and the order of saves and edits is kept', async () => {
  const stall = await stallOf(async () => {
    place.write(file(numbers.slice(1)))
    await place.service.addAllowFrom(['+12139999999'])
  })
  expect(place.allowed).toEqual([...numbers.slice(1), '+12139999999'])
  expectNoStall(stall)
})

test('what is wrong in a long file has its place, and the last valid list stays', async () => {
  const before = place.allowed
  place.write(file(numbers).replace("'+12122000003',", "'+12122000003"))
  await place.untilRejected()
  expect(place.service.problems[0]).toMatchObject({ code: 'syntax', line: 9 })
  expect(place.allowed).toBe(before)
})

test('an edit that is refused says why in the same words as for a short list', async () => {
  place.write(file(numbers))
  await place.until('all numbers', () => place.allowed.length === numbers.length)
  const refused = place.service.addAllowFrom(['+1555'])
  await expect(refused).rejects.toMatchObject({ name: 'DaemonError', code: 'invalid_phone_number' })
  const outdated = place.service.addAllowFrom(['+12139999998'], { revision: 'another' })
  await expect(outdated).rejects.toMatchObject({ name: 'DaemonError', code: 'config_conflict' })
})

// A short file, and yet seconds of work: the thread for long files does it.
test('many values for a short file hold nothing up', async () => {
  const named = (name: string): Record<string, { name: string }> =>
    Object.fromEntries(numbers.slice(0, 600).map((number) => [number, { name }]))
  const short = await ConfigPlace.with(JSON.stringify({ channels: { whatsapp: { senders: named('Ann') } } }))
  try {
    const stall = await stallOf(() => short.service.update([{ path: ['senders'], value: named('Bob') }]))
    expect(Object.values(short.account.senders).filter(({ name }) => name === 'Bob')).toHaveLength(600)
    expectNoStall(stall)
  } finally {
    await short.stop()
  }
})
