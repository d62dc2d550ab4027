import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPrivateDirectory, tightenDatabase } from '../../../../src/storage/files/private-directory.ts'
import { otherUser } from '../../../support/other-user.ts'

const SOMEBODY = 65_533
/** As `mkdir` and `cp` leave them under the usual umasks, and as volumes are mounted (fsGroup, emptyDir). */
const DIRECTORY_MODES = [0o755, 0o775, 0o777, 0o750, 0o711, 0o2770, 0o2775, 0o1777]
const OWN_FILES = [
  'account.db',
  'account.db-wal',
  'account.db.replaced',
  'lock.db',
  'owner.json',
  'host.json',
  'id',
  '.gitignore',
]
const OWN_STATE = ['daemon.db', 'daemon.db.gap', 'daemon.json', 'token', 'config.last-valid.0a1b2c3d.json5']

const modeOf = (path: string): number => statSync(path).mode & 0o7777
const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

/** What the refusal says to type. */
function adviceOf(work: () => unknown, command: RegExp): string {
  try {
    work()
  } catch (error) {
    const [found] = command.exec(String(error)) ?? []
    if (found !== undefined) return found
    throw error
  }
  throw new Error('it was not refused')
}

describe('a directory of ours', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-directory-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))
  const fill = (names: readonly string[]): void => {
    for (const name of names) writeFileSync(join(directory, name), '', { mode: 0o600 })
  }

  describe.each(DIRECTORY_MODES.map((mode) => ({ name: octal(mode), mode })))(
    'with mode $name',
    ({ mode }) => {
      it.each([
        ['that is empty', []],
        ['of an account', OWN_FILES],
        ['of the daemon', OWN_STATE],
      ])('%s is made private', (_what, names) => {
        fill(names)
        chmodSync(directory, mode)
        openPrivateDirectory(directory)
        expect(octal(modeOf(directory))).toBe('0700')
      })

      it('that is a volume of its own is made private', () => {
        mkdirSync(join(directory, 'lost+found'))
        chmodSync(directory, mode)
        openPrivateDirectory(directory)
        expect(octal(modeOf(directory))).toBe('0700')
      })

      it('is refused while it holds files of others, and the command that is named helps', () => {
        fill([...OWN_FILES, 'photo.jpg'])
        chmodSync(directory, mode)
        const command = adviceOf(() => openPrivateDirectory(directory), /chmod 700 '[^']+'/)
        expect(octal(modeOf(directory))).toBe(octal(mode))
        execFileSync('sh', ['-c', command])
        openPrivateDirectory(directory)
      })
    },
  )

  it('on a volume with fsGroup is made private with its files, and only with those of that group', () => {
    const files = [...OWN_FILES, ...OWN_STATE]
    fill(files)
    for (const name of files) chmodSync(join(directory, name), 0o660)
    chmodSync(directory, 0o2770)
    expect(openPrivateDirectory(directory)).toBe(true)
    expect(files.map((name) => octal(modeOf(join(directory, name))))).toEqual(files.map(() => '0600'))
    expect(octal(modeOf(directory))).toBe('0700')
    // Not on such a volume: the group may have written to it.
    chmodSync(join(directory, 'token'), 0o660)
    chmodSync(directory, 0o770)
    expect(openPrivateDirectory(directory)).toBe(false)
    expect(octal(modeOf(join(directory, 'token')))).toBe('0660')
    if (!otherUser.isRoot) return
    chownSync(join(directory, 'token'), 0, SOMEBODY)
    chmodSync(directory, 0o2770)
    expect(openPrivateDirectory(directory)).toBe(false)
  })

  it('is made private whatever it holds where its place says that it is ours', () => {
    mkdirSync(join(directory, 'shop'))
    chmodSync(directory, 0o755)
    openPrivateDirectory(directory, { isOurs: true })
    expect(octal(modeOf(directory))).toBe('0700')
  })

  it.runIf(otherUser.isRoot)(
    'that belongs to another user is refused; the place that is named can be used',
    () => {
      chmodSync(directory, 0o777)
      chownSync(directory, SOMEBODY, SOMEBODY)
      const inside = adviceOf(() => openPrivateDirectory(directory), /'[^']+\/whatsappd'/)
      openPrivateDirectory(inside.replaceAll("'", ''))
      expect(octal(modeOf(join(directory, 'whatsappd')))).toBe('0700')
      execFileSync('sh', ['-c', adviceOf(() => openPrivateDirectory(directory), /chown -R 0 '[^']+'/)])
      expect(() => openPrivateDirectory(directory)).toThrow(/chmod 700/)
    },
  )

  it.each([0o644, 0o640, 0o604, 0o444])('makes a database private that others may read: %i', (mode) => {
    const path = join(directory, 'account.db')
    fill(['account.db', 'account.db-wal'])
    expect(tightenDatabase(path)).toBe(false)
    for (const name of ['account.db', 'account.db-wal']) {
      chmodSync(join(directory, name), mode)
      expect(tightenDatabase(path)).toBe(true)
      expect(octal(modeOf(join(directory, name)))).toBe('0600')
    }
  })

  it.each([0o666, 0o660, 0o602])(
    'refuses a database that others may write to, with the command that helps: %i',
    (mode) => {
      const path = join(directory, 'account.db')
      fill(['account.db'])
      chmodSync(path, mode)
      execFileSync('sh', ['-c', adviceOf(() => tightenDatabase(path), /chmod 600 '[^']+'/)])
      expect(tightenDatabase(path)).toBe(false)
    },
  )
})
