import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tightenDatabase, refuseLooseDirectory } from '../../../src/storage/files/private-directory.ts'
import { readPrivateFile } from '../../../src/storage/files/read-private-file.ts'
import { writePrivateFile } from '../../../src/storage/files/write-private-file.ts'
import { otherUser } from '../../support/other-user.ts'

const SOMEBODY = 65_533
const LIMIT = { maxBytes: 64 }

/** What each does to a file that holds `text`, and what is said of it. */
const PLANTS: [name: string, says: RegExp, plant: (path: string) => void][] = [
  [
    'a link to it',
    /not a regular file/,
    (path) => {
      writeFileSync(`${path}.other`, 'text', { mode: 0o600 })
      rmSync(path)
      symlinkSync(`${path}.other`, path)
    },
  ],
  ['a second name', /has a second name \(a hard link\)/, (path) => linkSync(path, `${path}.other`)],
  [
    'a pipe',
    /not a regular file/,
    (path) => {
      rmSync(path)
      execFileSync('mkfifo', ['-m', '600', path])
    },
  ],
  [
    'a directory',
    /not a regular file/,
    (path) => {
      rmSync(path)
      mkdirSync(path, { mode: 0o700 })
    },
  ],
  ['a loose mode', /has mode 0660, which gives other users access/, (path) => chmodSync(path, 0o660)],
]
if (otherUser.isRoot) {
  PLANTS.push([
    'another owner, also for root',
    /belongs to user 65533, not to 0/,
    (path) => chownSync(path, SOMEBODY, SOMEBODY),
  ])
}

describe("a private file's place", () => {
  let directory: string
  let path: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-private-'))
    path = join(directory, 'file')
    writeFileSync(path, 'text', { mode: 0o600 })
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('is read where it is ours, and is nothing where nothing stands', () => {
    expect(readPrivateFile(path, LIMIT)).toBe('text')
    expect(readPrivateFile(`${path}.none`, LIMIT)).toBeNull()
  })

  it.each(PLANTS)('with %s is refused by what reads it', (_name, says, plant) => {
    plant(path)
    expect(() => readPrivateFile(path, LIMIT)).toThrow(says)
    expect(() => readPrivateFile(path, LIMIT)).toThrow(path)
  })

  it.each(PLANTS)('with %s is refused as a database, and so is what lies beside it', (_name, says, plant) => {
    plant(path)
    expect(() => tightenDatabase(path)).toThrow(says)
    for (const suffix of ['-wal', '-shm', '-journal']) {
      if (path.endsWith(suffix)) expect(() => tightenDatabase(path.slice(0, -suffix.length))).toThrow(says)
      rmSync(join(directory, 'db'), { force: true })
      writeFileSync(join(directory, 'db'), '', { mode: 0o600 })
      const companion = join(directory, `db${suffix}`)
      writeFileSync(companion, '', { mode: 0o600 })
      expect(() => tightenDatabase(join(directory, 'db'))).not.toThrow()
      plant(companion)
      expect(() => tightenDatabase(join(directory, 'db'))).toThrow(companion)
      for (const name of readdirSync(directory))
        if (name.startsWith('db')) rmSync(join(directory, name), { recursive: true })
    }
  })

  it.each(PLANTS)('with %s is written anew, and what was there is not written to', (name, _says, plant) => {
    plant(path)
    if (name === 'a directory') {
      expect(() => writePrivateFile(path, 'new')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
      expect(readdirSync(directory)).toEqual(['file'])
      return
    }
    writePrivateFile(path, 'new')
    const { mode, nlink, uid } = lstatSync(path)
    expect([mode & 0o777, nlink, uid]).toEqual([0o600, 1, process.getuid?.()])
    expect(readPrivateFile(path, LIMIT)).toBe('new')
    const others = readdirSync(directory).filter((other) => other !== 'file')
    for (const other of others) expect(readFileSync(join(directory, other), 'utf8')).toBe('text')
  })

  it('is refused unread when it is too large', () => {
    truncateSync(path, 3 * 1024 ** 3)
    expect(() => readPrivateFile(path, LIMIT)).toThrow(/larger than 64 bytes/)
  })

  it('is refused when it is a device', () => {
    expect(() => readPrivateFile('/dev/zero', LIMIT)).toThrow(/not a regular file/)
  })

  // Opening a device can have an effect. A socket shows that nothing is opened: opening one fails with another error.
  it('is refused before it is opened', async () => {
    rmSync(path)
    const server = createServer().listen(path)
    await once(server, 'listening')
    chmodSync(path, 0o600)
    try {
      expect(() => readPrivateFile(path, LIMIT)).toThrow(/not a regular file/)
    } finally {
      server.close()
    }
  })

  it.runIf(otherUser.isRoot)('is no place for a directory of another user, also for root', () => {
    chownSync(directory, SOMEBODY, SOMEBODY)
    expect(() => refuseLooseDirectory(directory)).toThrow(/belongs to user 65533, not to 0/)
  })
})
