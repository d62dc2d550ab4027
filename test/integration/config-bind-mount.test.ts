import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BindMount } from '../support/bind-mount.ts'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

// A container gets its config as one file (`docker -v file:file`, a `subPath`) or with its directory. A single file is mounted by
// what it is and not by its name: when it is replaced outside, as editors and git do, the old one stays visible inside.

const obstacle = BindMount.obstacle()
if (obstacle !== null)
  console.warn(`no test of mounted config files, which need the right to mount: ${obstacle}`)

describe.runIf(obstacle === null)('a config file that is mounted', () => {
  let place: ConfigPlace
  let outside: string
  let mount: BindMount
  beforeEach(() => {
    place = new ConfigPlace()
    outside = join(place.root, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'config.json5'), allowing(ALICE, BOB))
  })
  afterEach(async () => {
    await place.service.stop()
    mount.unmount()
    await place.stop()
  })

  const source = (): string => join(outside, 'config.json5')
  const replace = (text: string): void => {
    writeFileSync(`${source()}.new`, text)
    renameSync(`${source()}.new`, source())
  }
  async function startWithFile(options?: { readOnly?: boolean }): Promise<void> {
    place.write('')
    mount = new BindMount(source(), place.path)
    mount.mount(options)
    await place.start()
    expect(place.allowed).toEqual([ALICE, BOB])
  }
  const edit = () => place.service.addAllowFrom([CAROL])

  describe('by itself', () => {
    it('is followed when it is edited in place outside', async () => {
      await startWithFile()
      writeFileSync(source(), allowing(ALICE))
      expect(await place.untilAllowed(ALICE)).toBeLessThan(15_000)
      expect(place.rejected).toEqual([])
    })

    it.each([
      ['replaced', () => replace(allowing(ALICE))],
      [
        'moved away, for a backup, and written anew',
        () => {
          renameSync(source(), `${source()}~`)
          writeFileSync(source(), allowing(ALICE))
        },
      ],
      ['deleted', () => rmSync(source())],
    ])('says so when it is %s outside, and takes no edit that would be lost', async (_how, change) => {
      await startWithFile()
      change()
      await place.untilRejected()
      expect(place.service.problems).toMatchObject([{ code: 'replaced_outside', line: null }])
      expect(place.rejected[0]?.message).toMatch(
        /still allowed\. Restart the container, and mount the directory/,
      )
      expect(place.allowed).toEqual([ALICE, BOB])
      await expect(edit()).rejects.toMatchObject({
        code: 'config_broken',
        message: expect.stringContaining('outside of this container'),
        action: expect.stringContaining('Restart the container'),
      })
      expect(place.rejected).toHaveLength(1)
    })

    it('is told at the start already, and once', async () => {
      await startWithFile()
      await place.service.stop()
      replace(allowing(ALICE))
      await place.start()
      expect(place.service.problems).toMatchObject([{ code: 'replaced_outside' }])
      expect(place.allowed).toEqual([ALICE, BOB])
    })

    it('is followed again once it is mounted again', async () => {
      await startWithFile()
      replace(allowing(CAROL))
      await place.untilRejected()
      mount.unmount()
      mount.mount()
      await place.untilAllowed(CAROL)
      expect(place.service.problems).toEqual([])
      await place.service.addAllowFrom([ALICE])
      expect(readFileSync(source(), 'utf8')).toBe(allowing(CAROL, ALICE).replace('","', '", "'))
    })

    it('is edited in place, and the file outside with it', async () => {
      await startWithFile()
      await edit()
      expect(place.allowed).toEqual([ALICE, BOB, CAROL])
      expect(mount.isTrue).toBe(true)
      expect(readFileSync(source(), 'utf8')).toContain(CAROL)
      await place.service.removeAllowFrom([BOB])
      expect(place.allowed).toEqual([ALICE, CAROL])
      expect(readFileSync(source(), 'utf8')).not.toContain(BOB)
      expect(readdirSync(place.stateDir).filter((name) => name.startsWith('config.edit'))).toEqual([])
      expect(place.rejected).toEqual([])
    })

    it('that can only be read is not edited, with an advice that helps', async () => {
      await startWithFile({ readOnly: true })
      await expect(edit()).rejects.toMatchObject({
        code: 'config_read_only',
        message: expect.stringContaining('EROFS'),
        action: expect.stringContaining('mount it writable'),
      })
      expect(place.allowed).toEqual([ALICE, BOB])
    })
  })

  describe('with its directory', () => {
    beforeEach(async () => {
      renameSync(source(), join(outside, 'sandbox.config.json5'))
      mount = new BindMount(outside, place.directory)
      mount.mount()
      await place.start()
    })
    const file = (): string => join(outside, 'sandbox.config.json5')

    it('is followed when it is replaced outside, and edited by replacing it', async () => {
      writeFileSync(`${file()}.new`, allowing(ALICE))
      renameSync(`${file()}.new`, file())
      expect(await place.untilAllowed(ALICE)).toBeLessThan(15_000)
      await edit()
      expect(readFileSync(file(), 'utf8')).toContain(CAROL)
      expect(place.service.problems).toEqual([])
    })

    it('says so when the directory is replaced outside', async () => {
      renameSync(outside, `${outside}.old`)
      mkdirSync(outside)
      writeFileSync(file(), allowing(ALICE))
      await place.untilRejected()
      expect(place.service.problems).toMatchObject([{ code: 'replaced_outside' }])
      expect(place.allowed).toEqual([ALICE, BOB])
    })
  })
})
