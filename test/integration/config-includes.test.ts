import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { ALICE, BOB, CAROL, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

const MAIN = `// The sandbox.
{
  channels: { whatsapp: { allowFrom: { $include: './lists/people.json5' } } },
}
`
const list = (...numbers: string[]): string => `// People\n${JSON.stringify(numbers)}\n`
const people = (): string => join(place.directory, 'lists/people.json5')

/** A config that includes a list, before the service starts. */
function prepared(...numbers: string[]): ConfigPlace {
  place = new ConfigPlace()
  place.write(MAIN)
  mkdirSync(join(place.directory, 'lists'))
  writeFileSync(people(), list(...numbers))
  return place
}

async function started(...numbers: string[]): Promise<void> {
  await prepared(...numbers).start()
  expect(place.allowed).toEqual(numbers)
}

async function refusal(edit: Promise<unknown>): Promise<DaemonError> {
  const error: unknown = await edit.catch((reason: unknown) => reason)
  if (error instanceof DaemonError) return error
  throw new Error('it was not refused', { cause: error })
}

describe('an included file is followed', () => {
  // What has just been written is read again in any case: only an hour later the change of a file must be seen by itself.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 }))
  afterEach(() => void vi.useRealTimers())

  it('when it is saved in place, replaced, deleted and written anew', async () => {
    await started(ALICE)
    // By the events, not by the look once a second, after which the next one would come a second later.
    const milliseconds: number[] = []
    for (const numbers of [[ALICE, BOB], [BOB], [ALICE]]) {
      writeFileSync(people(), list(...numbers))
      milliseconds.push(await place.untilAllowed(...numbers))
    }
    expect(Math.min(...milliseconds.slice(1))).toBeLessThan(800)
    milliseconds.length = 0
    for (const numbers of [[BOB], [ALICE], [CAROL]]) {
      writeFileSync(`${people()}.new`, list(...numbers))
      renameSync(`${people()}.new`, people())
      milliseconds.push(await place.untilAllowed(...numbers))
    }
    expect(Math.min(...milliseconds.slice(1))).toBeLessThan(800)
    rmSync(people())
    await place.untilRejected()
    expect(place.allowed).toEqual([CAROL])
    expect(place.service.problems).toMatchObject([
      { code: 'bad_include', line: 3, message: expect.stringContaining('lists/people.json5') },
    ])
    writeFileSync(people(), list(BOB))
    await place.untilAllowed(BOB)
    expect(place.service.problems).toEqual([])
  })

  it('when a link to it is led elsewhere, also to an older file', async () => {
    prepared()
    for (const [name, number] of [
      ['old', ALICE],
      ['new', BOB],
    ] as const) {
      mkdirSync(join(place.directory, name))
      writeFileSync(join(place.directory, name, 'p.json5'), list(number))
    }
    rmSync(people())
    const lead = (name: string): void => {
      symlinkSync(`../${name}/p.json5`, `${people()}.tmp`)
      renameSync(`${people()}.tmp`, people())
    }
    lead('new')
    await place.start()
    expect(place.allowed).toEqual([BOB])
    lead('old')
    await place.untilAllowed(ALICE)
    // A link that leads out of the directory counts for nobody new.
    writeFileSync(join(place.root, 'outside.json5'), list(CAROL))
    unlinkSync(people())
    symlinkSync(join(place.root, 'outside.json5'), people())
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
  })

  it('like a ConfigMap that holds both files, through one swap after the other', async () => {
    place = new ConfigPlace()
    const mount = (version: number, ...numbers: string[]): void => {
      const name = `..2026_${version}`
      mkdirSync(join(place.directory, name))
      writeFileSync(join(place.directory, name, 'sandbox.config.json5'), MAIN.replace('lists/', ''))
      writeFileSync(join(place.directory, name, 'people.json5'), list(...numbers))
      symlinkSync(name, join(place.directory, '..data_tmp'))
      renameSync(join(place.directory, '..data_tmp'), join(place.directory, '..data'))
      rmSync(join(place.directory, `..2026_${version - 1}`), { recursive: true, force: true })
    }
    mount(1, ALICE)
    for (const name of ['sandbox.config.json5', 'people.json5'])
      symlinkSync(join('..data', name), join(place.directory, name))
    await place.start()
    expect(place.allowed).toEqual([ALICE])
    mount(2, BOB)
    await place.untilAllowed(BOB)
    mount(3, ALICE, CAROL)
    await place.untilAllowed(ALICE, CAROL)
  })

  it('also one that is included only now', async () => {
    await started(ALICE)
    writeFileSync(join(place.directory, 'more.json5'), list(BOB))
    place.replace(MAIN.replace("'./lists/people.json5'", "['./lists/people.json5', 'more.json5']"))
    await place.untilAllowed(ALICE, BOB)
    writeFileSync(join(place.directory, 'more.json5'), list(CAROL))
    await place.untilAllowed(ALICE, CAROL)
  })

  it('without being taken half written', async () => {
    await started(ALICE)
    const text = list(ALICE, BOB)
    writeFileSync(people(), text.slice(0, -4))
    writeFileSync(people(), text)
    await place.untilAllowed(ALICE, BOB)
    expect(place.rejected).toEqual([])
  })
})

describe('what was valid last', () => {
  it('holds over a restart with a broken or missing included file', async () => {
    await started(ALICE)
    await place.restart(() => writeFileSync(people(), '[ broken'))
    expect(place.allowed).toEqual([ALICE])
    expect(place.service.problems).toMatchObject([{ code: 'syntax', file: 'lists/people.json5', line: 1 }])
    await place.restart(() => rmSync(people()))
    expect(place.allowed).toEqual([ALICE])
    expect(place.service.problems).toMatchObject([{ code: 'bad_include' }])
  })
})

describe('an edit', () => {
  it('of an included list goes into its file, with its mode, and is in force', async () => {
    await started(ALICE)
    chmodSync(people(), 0o640)
    const { revision, allowFrom } = await place.service.addAllowFrom([BOB])
    expect(allowFrom).toEqual([ALICE, BOB])
    expect(readFileSync(people(), 'utf8')).toBe(`// People\n["${ALICE}", "${BOB}"]\n`)
    expect(statSync(people()).mode & 0o777).toBe(0o640)
    expect(place.text).toBe(MAIN)
    expect(place.service.current.revision).toBe(revision)
    // What is read again is what was written: the revision stays, and the next edit can build on it.
    writeFileSync(join(place.directory, 'lists', 'other.txt'), 'x')
    await place.service.removeAllowFrom([ALICE], { revision })
    expect(place.allowed).toEqual([BOB])
    expect(readdirSync(join(place.directory, 'lists')).toSorted()).toEqual(['other.txt', 'people.json5'])
  })

  it('meets the newest included file, and conflicts where the caller saw another', async () => {
    await started(ALICE)
    const { revision } = place.service.current
    writeFileSync(people(), list(ALICE, CAROL))
    expect(await refusal(place.service.addAllowFrom([BOB], { revision }))).toMatchObject({
      code: 'config_conflict',
      details: { allowFrom: [ALICE, CAROL] },
    })
    await place.service.addAllowFrom([BOB])
    expect(place.allowed).toEqual([ALICE, CAROL, BOB])
  })

  it('is refused with the name of a file that cannot be written, and nothing changes', async () => {
    await started(ALICE)
    linkSync(people(), join(place.directory, 'second-name'))
    const error = await refusal(place.service.addAllowFrom([BOB]))
    expect(error).toMatchObject({
      code: 'config_read_only',
      message: expect.stringContaining('lists/people.json5'),
      action: expect.stringContaining('It has a second name, or is mounted by itself'),
    })
    expect(readFileSync(people(), 'utf8')).toBe(list(ALICE))
    expect(place.allowed).toEqual([ALICE])
  })

  it('is refused while an included file is broken', async () => {
    await started(ALICE)
    writeFileSync(people(), '[')
    await place.untilRejected()
    expect(await refusal(place.service.addAllowFrom([BOB]))).toMatchObject({
      code: 'config_broken',
      details: { file: 'lists/people.json5' },
    })
  })
})
