import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EditJournal } from '../../src/config/file/edit-journal.ts'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

const EDITOR = new URL('../support/in-place-editor.ts', import.meta.url)
const BEFORE = allowing(ALICE, BOB)
const AFTER = allowing(ALICE)

describe('a config file with a second name', () => {
  let place: ConfigPlace
  afterEach(() => place.stop())

  // An edit that put a new file in its place left the other name with the old list.
  it('is edited under both names', async () => {
    place = new ConfigPlace()
    place.write(BEFORE)
    const other = join(place.root, 'other-name.json5')
    linkSync(place.path, other)
    await place.start()
    await place.service.removeAllowFrom([BOB])
    expect(statSync(place.path).ino).toBe(statSync(other).ino)
    expect(readFileSync(other, 'utf8')).not.toContain(BOB)
    await place.service.addAllowFrom([CAROL])
    expect(readFileSync(other, 'utf8')).toContain(CAROL)
    expect(place.allowed).toEqual([ALICE, CAROL])
    writeFileSync(other, allowing(BOB))
    await place.untilAllowed(BOB)
    expect(place.rejected).toEqual([])
  })
})

// What a crash in the middle of an edit in place leaves behind.
describe('an edit in place that was interrupted', () => {
  let place: ConfigPlace
  let journal: EditJournal
  beforeEach(async () => {
    place = await ConfigPlace.with(BEFORE)
    journal = new EditJournal(place.stateDir, place.path)
  })
  afterEach(() => place.stop())

  /** The next start of the daemon, which finds the file like this, and the journal of an edit that leads to `AFTER`. */
  async function restart(file: string, repair = true): Promise<void> {
    await place.service.stop()
    place.write(file)
    writeFileSync(journal.path, AFTER, { mode: 0o600 })
    if (repair) expect(journal.repair()).toBe(file.startsWith('\0'))
    await place.start()
  }

  it.each([1, 8, AFTER.length - 1, AFTER.length])('after %d bytes: is finished', async (length) => {
    await restart(`\0${AFTER.slice(1, length)}${BEFORE.slice(length)}`)
    expect(place.text).toBe(AFTER)
    expect(place.allowed).toEqual([ALICE])
    expect(existsSync(journal.path)).toBe(false)
  })

  it.each([1, 8, AFTER.length, BEFORE.length])(
    'after %d bytes: is never taken for a valid file by whoever reads it before',
    async (length) => {
      await restart(`\0${AFTER.slice(1, length)}${BEFORE.slice(length)}`, false)
      expect(place.service.problems).toMatchObject([{ code: 'syntax' }])
      expect(place.allowed).toEqual([ALICE, BOB])
    },
  )

  it.each([
    ['was not begun', BEFORE],
    ['was done', AFTER],
    ['was mended by hand since', allowing(CAROL)],
    ['met a file that was emptied since', ''],
  ])('that %s changes nothing any more', async (_what, file) => {
    await restart(file)
    expect(place.text).toBe(file)
    expect(existsSync(journal.path)).toBe(false)
  })

  it('is not finished from a journal that others may have written', async () => {
    await place.service.stop()
    writeFileSync(journal.path, allowing(CAROL), { mode: 0o600 })
    chmodSync(journal.path, 0o666)
    place.write(`\0${BEFORE.slice(1)}`)
    expect(() => journal.repair()).toThrow(/gives other users access/)
    await place.start()
    expect(place.allowed).toEqual([ALICE, BOB])
  })

  it('by SIGKILL at any moment is whole after the next start', async () => {
    await place.service.stop()
    const padding = `// ${'x'.repeat(700_000)}\n`
    const [one, other] = [padding + BEFORE, AFTER + padding]
    for (let round = 0; round < 4; round += 1) {
      place.write(one)
      const editor = fork(EDITOR, [place.stateDir, place.path], { execArgv: ['--import', 'tsx'] })
      editor.send([one, other])
      await once(editor, 'message')
      await new Promise((resolve) => setTimeout(resolve, 7 * round))
      editor.kill('SIGKILL')
      await once(editor, 'exit')
      const left = place.text
      const isWhole = left === one || left === other
      expect(isWhole || left.startsWith('\0')).toBe(true)
      journal.repair()
      expect([one, other].includes(place.text)).toBe(true)
      expect(existsSync(journal.path)).toBe(false)
    }
    await place.start()
  })
})
