import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigEditor } from '../../src/config/model.ts'
import { DaemonError, type ErrorCode } from '../../src/protocol/errors.ts'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

const FILE = `// The sandbox of Ada.
{
  tools: { exec: ['sh', "-c"], },
  "channels": {
    whatsapp: {
      dmPolicy: 'allowlist', // strangers get nothing
      allowFrom: [
        '+1 (555) 555-0101', // Alice
        /* Bob */ 15555550102,
      ],
    },
    telegram: { allowFrom: ['+15555550199'] },
  },
}
`

async function failure(edit: Promise<unknown>): Promise<DaemonError> {
  const error = await edit.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof DaemonError) return error
  throw new Error('the edit did not fail with a DaemonError', { cause: error })
}

/** The edit fails with this code, and neither the file nor what is in force changes. */
async function refused(edit: () => Promise<unknown>, code: ErrorCode): Promise<DaemonError> {
  const [text, allowed] = [place.text, place.allowed]
  const error = await failure(edit())
  expect(error.code).toBe(code)
  expect(place.text).toBe(text)
  expect(place.allowed).toEqual(allowed)
  return error
}

describe('an edit of the allowed numbers', () => {
  it('adds one line, is in force at once, and is told to everybody', async () => {
    place = await ConfigPlace.with(FILE)
    const before = place.service.current.revision
    const result = await place.service.addAllowFrom(['+1 555 555 0103'], { revision: before })
    expect(place.text).toBe(FILE.replace('15555550102,\n', "15555550102,\n        '+15555550103',\n"))
    expect(result).toEqual({ revision: place.service.current.revision, allowFrom: [ALICE, BOB, CAROL] })
    expect(result.revision).not.toBe(before)
    expect(place.allowed).toEqual([ALICE, BOB, CAROL])
    expect(place.applied).toHaveLength(1)
    expect(place.applied[0]?.changed).toEqual(['accounts.default.allowFrom'])
  })

  it('removes one line, in whatever notation the number stands', async () => {
    place = await ConfigPlace.with(FILE)
    const result = await place.service.removeAllowFrom([ALICE])
    expect(place.text).toBe(FILE.replace("        '+1 (555) 555-0101', // Alice\n", ''))
    expect(result.allowFrom).toEqual([BOB])
    expect(place.allowed).toEqual([BOB])
    await place.service.removeAllowFrom(['1-555-555-0102'])
    expect(place.allowed).toEqual([])
    expect(place.text).not.toMatch(/[ \t]\n/)
  })

  it('sets the whole list and leaves what stays as it is written', async () => {
    place = await ConfigPlace.with(FILE)
    const { revision } = place.service.current
    await place.service.setAllowFrom([CAROL, ALICE], { revision })
    expect(place.text).toContain("'+1 (555) 555-0101', // Alice\n")
    expect(place.text).not.toContain('15555550102')
    expect(place.allowed.toSorted()).toEqual([ALICE, CAROL])
    await place.service.setAllowFrom([])
    expect(place.allowed).toEqual([])
    expect(place.text).toContain('// strangers get nothing')
  })

  it('writes nothing when nothing changes', async () => {
    place = await ConfigPlace.with(FILE)
    const { ino } = statSync(place.path)
    const { revision } = place.service.current
    expect((await place.service.addAllowFrom([ALICE, '1 555 555 0102'])).revision).toBe(revision)
    expect((await place.service.removeAllowFrom([CAROL])).revision).toBe(revision)
    expect(statSync(place.path).ino).toBe(ino)
    expect(place.text).toBe(FILE)
    expect(place.applied).toEqual([])
  })

  it('follows itself with every further edit, without a revision', async () => {
    place = await ConfigPlace.with('{}')
    for (let index = 10; index < 40; index += 1) {
      await place.service.addAllowFrom([`+155555501${index}`])
      if (index % 3 === 0) await place.service.removeAllowFrom([`+155555501${index}`])
    }
    expect(place.allowed).toHaveLength(20)
    await place.restart()
    expect(place.allowed).toHaveLength(20)
    expect(place.service.problems).toEqual([])
  })

  it('creates the file when there is none, for this user alone', async () => {
    place = new ConfigPlace()
    rmSync(place.directory, { recursive: true })
    await place.start()
    await place.service.addAllowFrom([ALICE])
    expect(place.allowed).toEqual([ALICE])
    expect(statSync(place.path).mode & 0o777).toBe(0o600)
    await place.restart()
    expect(place.allowed).toEqual([ALICE])
    place.write(allowing(BOB))
    await place.untilAllowed(BOB)
  })

  it.each([
    ['{}', 'channels'],
    ['{ tools: {} }', 'channels'],
    ['{\n  channels: {\n    telegram: {},\n  },\n}\n', 'whatsapp'],
    ['{ channels: { whatsapp: {} } }', 'allowFrom'],
    ['{ connectors: { whatsapp: { enabled: true } } }', 'connectors'],
    [
      '\uFEFF{\r\n\t"channels": {\r\n\t\t"whatsapp": {\r\n\t\t\t"enabled": true\r\n\t\t}\r\n\t}\r\n}\r\n',
      'allowFrom',
    ],
  ])('creates what is missing in %j', async (text, key) => {
    place = await ConfigPlace.with(text)
    await place.service.addAllowFrom([ALICE])
    expect(place.allowed).toEqual([ALICE])
    expect(place.text).toContain(key)
    expect(place.text.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
    if (text.includes('\r\n')) expect(place.text.replaceAll('\r\n', '')).not.toContain('\n')
    await place.restart()
    expect(place.allowed).toEqual([ALICE])
  })

  it('edits the list that is in force for the account: its own, or the one of all', async () => {
    const text = `{ channels: { whatsapp: {
      allowFrom: ['${ALICE}'],
      accounts: { default: {}, work: { allowFrom: ['${BOB}'] } },
    } } }`
    place = await ConfigPlace.with(text)
    const own = await place.service.addAllowFrom([CAROL], { account: 'work' })
    expect(own.allowFrom).toEqual([BOB, CAROL])
    expect(place.allowed).toEqual([ALICE])
    expect(place.text).toBe(text.replace(`['${BOB}']`, `['${BOB}', '${CAROL}']`))
    await place.service.removeAllowFrom([ALICE], { account: 'default' })
    expect(place.allowed).toEqual([])
    expect(place.service.current.accounts['work']?.access.allowFrom).toEqual([BOB, CAROL])
    expect(place.text).toContain('allowFrom: [],')
  })

  it('switches an account off and on again and keeps its comments', async () => {
    place = await ConfigPlace.with(FILE)
    await place.service.setEnabled(false)
    expect(place.account.enabled).toBe(false)
    const off = place.text
    await place.service.setEnabled(true)
    expect(place.account.enabled).toBe(true)
    expect(place.text).toBe(off.replace('enabled: false', 'enabled: true'))
    for (const line of FILE.split('\n')) expect(place.text.split('\n')).toContain(line)
  })
})

describe('an edit that cannot be made', () => {
  it.each(['+1555', 'alice', '', '+15555550101, +15555550102', '+15555550101\n"'])(
    'is refused for %j, which is no possible number',
    async (value) => {
      place = await ConfigPlace.with(FILE)
      for (const edit of [
        'addAllowFrom',
        'removeAllowFrom',
        'setAllowFrom',
      ] satisfies (keyof ConfigEditor)[]) {
        const error = await refused(() => place.service[edit]([CAROL, value]), 'invalid_phone_number')
        expect(error.details).toMatchObject({ value, reason: expect.any(String) })
        if (value !== '') expect(error.message).not.toContain(value)
      }
    },
  )

  it('is a conflict when the file changed since the revision, also when nobody has noticed yet', async () => {
    place = await ConfigPlace.with(FILE)
    const { revision } = place.service.current
    place.write(FILE.replace('// Alice', '// Alice, my sister'))
    const text = place.text
    const error = await failure(place.service.addAllowFrom([CAROL], { revision }))
    expect(error.code).toBe('config_conflict')
    expect(place.text).toBe(text)
    await place.service.addAllowFrom([CAROL], { revision: place.service.current.revision })
    expect(place.text).toContain('// Alice, my sister')
    expect(place.allowed).toEqual([ALICE, BOB, CAROL])
  })

  it('keeps what somebody else just saved', async () => {
    place = await ConfigPlace.with(FILE)
    place.replace(FILE.replace('15555550102', '15555550199'))
    await place.service.addAllowFrom([CAROL])
    expect(place.allowed).toEqual([ALICE, '+15555550199', CAROL])
    expect(place.text).toContain('15555550199')
  })

  it('does not bring back somebody whom another editor just removed', async () => {
    place = await ConfigPlace.with(allowing(ALICE, BOB))
    place.replace(allowing(BOB))
    await place.service.addAllowFrom([CAROL])
    expect(place.allowed).toEqual([BOB, CAROL])
  })

  it('waits for nobody to mend a broken file: it is refused, and names the place', async () => {
    place = await ConfigPlace.with(FILE)
    place.write(FILE.replace('],\n    },', '\n    },'))
    await place.untilRejected()
    const error = await refused(() => place.service.addAllowFrom([CAROL]), 'config_broken')
    expect(error.details).toMatchObject({ code: 'syntax' })
    await refused(() => place.service.setEnabled(false), 'config_broken')
  })

  it('is refused on a file that broke a moment ago', async () => {
    place = await ConfigPlace.with(FILE)
    place.write('{ channels: ')
    await refused(() => place.service.addAllowFrom([CAROL]), 'config_broken')
    expect(place.allowed).toEqual([ALICE, BOB])
  })

  it('never makes a new file out of one that was removed', async () => {
    place = await ConfigPlace.with(FILE)
    rmSync(place.path)
    await place.untilRejected()
    const error = await failure(place.service.addAllowFrom([CAROL]))
    expect(['config_broken', 'config_conflict']).toContain(error.code)
    expect(place.allowed).toEqual([ALICE, BOB])
  })

  it('is refused when configWrites is false', async () => {
    place = await ConfigPlace.with(FILE.replace('dmPolicy', 'configWrites: false, dmPolicy'))
    await refused(() => place.service.addAllowFrom([CAROL]), 'config_read_only')
    await refused(() => place.service.setEnabled(false), 'config_read_only')
  })

  it('is refused for an account whose configWrites is false, and for that one alone', async () => {
    place = await ConfigPlace.with(
      `{ channels: { whatsapp: { accounts: { default: {}, work: { configWrites: false } } } } }`,
    )
    await refused(() => place.service.addAllowFrom([CAROL], { account: 'work' }), 'config_read_only')
    await refused(() => place.service.setEnabled(false, { account: 'work' }), 'config_read_only')
    await place.service.setEnabled(false, { account: 'default' })
    expect(place.account.enabled).toBe(false)
    expect(place.service.current.accounts['work']?.enabled).toBe(true)
  })

  it('is refused on a file that is not UTF-8, which it could not write back as it is', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.write(Buffer.from(allowing(ALICE).replace('{', '{ // \u00fc'), 'latin1'))
    await failure(place.service.addAllowFrom([CAROL])).then(({ code }) => expect(code).toBe('config_broken'))
    await place.untilRejected()
    expect(place.service.problems).toMatchObject([{ code: 'syntax' }])
    expect(place.allowed).toEqual([ALICE])
  })

  it('is refused while the file is empty in the middle of a save', async () => {
    place = await ConfigPlace.with(FILE)
    place.write('')
    await refused(() => place.service.addAllowFrom([CAROL]), 'config_broken')
    expect(place.text).toBe('')
  })

  it('does not take the number of everybody under open for the only one in the file', async () => {
    const text = `{ channels: { whatsapp: { dmPolicy: 'open', allowFrom: ['*', '${ALICE}'] } } }`
    place = await ConfigPlace.with(text)
    await place.service.addAllowFrom([CAROL])
    expect(place.text).toBe(text.replace(`'${ALICE}'`, `'${ALICE}', '${CAROL}'`))
    expect(place.allowed).toEqual(['*', ALICE, CAROL])
  })

  it('is refused on a file that this user may not write, and leaves nothing behind', async () => {
    place = await ConfigPlace.with(FILE)
    const files = readdirSync(place.directory)
    await asOrdinaryUser(async () => {
      await refused(() => place.service.addAllowFrom([CAROL]), 'config_read_only')
    })
    expect(readdirSync(place.directory)).toEqual(files)
  })

  it('is refused in a directory that this user may not write, and leaves nothing behind', async () => {
    place = await ConfigPlace.with(FILE)
    const files = readdirSync(place.directory)
    chmodSync(place.path, 0o666)
    chmodSync(place.directory, 0o555)
    try {
      await asOrdinaryUser(async () => {
        const error = await refused(() => place.service.addAllowFrom([CAROL]), 'config_read_only')
        expect(error.message).toContain(place.path)
        expect(error.action).toContain('permissions')
        await refused(() => place.service.update([{ path: ['typing'], value: false }]), 'config_read_only')
        await refused(() => place.service.createAccount('shop', null), 'config_read_only')
      }, 0o666)
    } finally {
      chmodSync(place.directory, 0o755)
    }
    expect(readdirSync(place.directory)).toEqual(files)
  })

  it('is refused where the result would be invalid', async () => {
    place = await ConfigPlace.with('{ channels: { whatsapp: { dmPolicy: "open", allowFrom: ["*"] } } }')
    await refused(() => place.service.setAllowFrom([ALICE]), 'config_invalid')
    await refused(() => place.service.removeAllowFrom(['*']), 'config_invalid')
    place.replace(allowing(ALICE))
    await place.untilAllowed(ALICE)
    await refused(() => place.service.addAllowFrom(['*']), 'config_invalid')
  })

  it('knows no account that is not in the file', async () => {
    place = await ConfigPlace.with(FILE)
    await refused(() => place.service.addAllowFrom([CAROL], { account: 'nobody' }), 'account_not_found')
    await refused(() => place.service.addAllowFrom([CAROL], { account: '__proto__' }), 'account_not_found')
    await refused(() => place.service.addAllowFrom([CAROL], { account: 'constructor' }), 'account_not_found')
  })
})

describe('the file that is edited', () => {
  it('keeps its mode and its owner', async () => {
    place = new ConfigPlace()
    place.write(FILE)
    chmodSync(place.path, 0o640)
    if (process.getuid?.() === 0) chownSync(place.path, 12_345, 12_346)
    const { uid, gid } = statSync(place.path)
    await place.start()
    await place.service.addAllowFrom([CAROL])
    expect(statSync(place.path)).toMatchObject({ uid, gid })
    expect(statSync(place.path).mode & 0o777).toBe(0o640)
  })

  it('stays where a link leads, and the link stays a link', async () => {
    place = new ConfigPlace()
    const target = join(place.root, 'dotfiles', 'sandbox.json5')
    mkdirSync(join(place.root, 'dotfiles'))
    writeFileSync(target, FILE)
    symlinkSync(join('..', 'dotfiles', 'sandbox.json5'), place.path)
    await place.start()
    await place.service.addAllowFrom([CAROL])
    expect(lstatSync(place.path).isSymbolicLink()).toBe(true)
    expect(lstatSync(target).isFile()).toBe(true)
    expect(readFileSync(target, 'utf8')).toContain(CAROL)
    expect(place.allowed).toEqual([ALICE, BOB, CAROL])
    expect(readdirSync(place.directory)).toEqual(['sandbox.config.json5'])
    expect(readdirSync(join(place.root, 'dotfiles'))).toEqual(['sandbox.json5'])
  })

  it('is whole at every moment for somebody who reads it meanwhile', async () => {
    place = await ConfigPlace.with(FILE)
    for (let round = 0; round < 20; round += 1) {
      const edit = place.service[round % 2 === 0 ? 'addAllowFrom' : 'removeAllowFrom']([CAROL])
      expect(place.text.endsWith('}\n')).toBe(true)
      await edit
      expect(place.text.endsWith('}\n')).toBe(true)
    }
    expect(place.text).toBe(FILE)
    expect(readdirSync(place.directory)).toEqual(['sandbox.config.json5'])
  })
})

/** File modes mean nothing to root, so the step is taken as another user where the tests run as root. */
async function asOrdinaryUser(step: () => Promise<void>, mode = 0o444): Promise<void> {
  chmodSync(place.path, mode)
  chmodSync(place.root, 0o755)
  if (process.getuid?.() !== 0) return step()
  process.seteuid?.(65_534)
  try {
    await step()
  } finally {
    process.seteuid?.(0)
  }
}
