import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { judgeProgram } from '../../../../src/agents/programs/start-program.ts'
import type { ProgramRequest } from '../../../../src/agents/programs/start-program.ts'
import { otherUser } from '../../../support/other-user.ts'
import { ProgramFixture } from './program-fixture.ts'

const SCRIPT = '#!/bin/sh\n'
const SOMEBODY = 65_533
/** A group with nobody of ours in it: `daemon` on Debian. */
const OTHER_GROUP = 1

function judge(fixture: ProgramFixture, request: Partial<ProgramRequest>) {
  return judgeProgram({ program: 'sh', args: [], ...request }, fixture.host, { create: true })
}

/** What is said, with what to do. */
function refusal(fixture: ProgramFixture, request: Partial<ProgramRequest>): string {
  try {
    judge(fixture, request)
  } catch (error) {
    expect(error).toMatchObject({ code: 'misconfigured' })
    const { message, action } = error as { message: string; action: string }
    expect(message).toMatch(/^[a-z][^\n]{10,200}$/)
    return `${message}. ${action}`
  }
  return 'none'
}

it('finds a program in PATH as a shell does, but not in directories that depend on where the daemon runs', () => {
  const fixture = new ProgramFixture({ PATH: '' })
  const bin = join(fixture.directory, 'bin')
  for (const name of ['first', 'bin']) mkdirSync(join(fixture.directory, name))
  // A directory, and a file that cannot be run, are passed over.
  mkdirSync(join(fixture.directory, 'first/bot'))
  writeFileSync(join(fixture.directory, 'first/ada'), SCRIPT, { mode: 0o644 })
  for (const name of ['bot', 'ada']) writeFileSync(join(bin, name), SCRIPT, { mode: 0o755 })
  fixture.host.environment['PATH'] = `.:${fixture.directory}/first:${bin}`
  expect(judge(fixture, { program: 'bot' }).path).toBe(join(bin, 'bot'))
  expect(judge(fixture, { program: 'ada' }).path).toBe(join(bin, 'ada'))
  fixture.host.environment['PATH'] = 'bin:'
  expect(refusal(fixture, { program: 'bot' })).toMatch(/no directory of the daemon's PATH.*command -v/)
})

it('takes a whole path, and ~ for the home directory', () => {
  const fixture = new ProgramFixture()
  const path = fixture.script(SCRIPT)
  expect(judge(fixture, { program: path }).path).toBe(path)
  expect(judge(fixture, { program: '~/answer.sh' }).path).toBe(path)
})

it('names the cure for a program that is not there, is none, or cannot be run', () => {
  const fixture = new ProgramFixture()
  writeFileSync(join(fixture.directory, 'plain'), SCRIPT, { mode: 0o644 })
  mkdirSync(join(fixture.directory, 'folder'))
  const of = (name: string): string => refusal(fixture, { program: join(fixture.directory, name) })
  expect(of('missing')).toMatch(/does not exist.*agents\.ada\.program \("\/.*missing"\)/)
  expect(of('plain')).toMatch(/cannot be run.*chmod u\+x/)
  expect(of('folder')).toMatch(/is not a file/)
  expect(of('plain/below')).toMatch(/does not exist/)
  expect(refusal(fixture, { program: './answer.sh' })).toMatch(/no whole path.*beginning with \//)
  expect(refusal(fixture, { program: '~ann/answer.sh' })).toMatch(/no whole path/)
})

it('refuses a program that others can change, or put another one in its place', () => {
  const fixture = new ProgramFixture()
  const folder = join(fixture.directory, 'folder')
  mkdirSync(folder)
  const path = join(folder, 'bot')
  writeFileSync(path, SCRIPT, { mode: 0o755 })
  const link = join(fixture.directory, 'link')
  symlinkSync(path, link)
  const both = (): string[] => [path, link].map((program) => refusal(fixture, { program }))
  expect(both()).toEqual(['none', 'none'])

  chmodSync(path, 0o757)
  for (const text of both()) expect(text).toContain(`Everybody can write to ${path}: chmod o-w '${path}'`)
  chmodSync(path, 0o755)
  chmodSync(folder, 0o777)
  for (const text of both()) expect(text).toContain(`Everybody can write to ${folder}`)
  // As in /tmp, nobody can replace in it what is not theirs.
  chmodSync(folder, 0o1777)
  expect(both()).toEqual(['none', 'none'])
  chmodSync(folder, 0o755)
  if (!otherUser.isRoot) return
  chownSync(path, 0, OTHER_GROUP)
  chmodSync(path, 0o775)
  for (const text of both()) expect(text).toContain(`A group with others in it can write to ${path}`)
  chmodSync(path, 0o755)
  for (const place of [path, folder]) {
    chownSync(place, SOMEBODY, SOMEBODY)
    for (const text of both()) expect(text).toContain(`${place} belongs to another user`)
    chownSync(place, 0, 0)
  }
  expect(both()).toEqual(['none', 'none'])
})

it('looks at the script that an interpreter is told to run', () => {
  const fixture = new ProgramFixture()
  const script = join(fixture.directory, 'bot.py')
  writeFileSync(script, '', { mode: 0o666 })
  chmodSync(script, 0o666)
  const request = { args: ['-u', script], workingDirectory: fixture.directory }
  expect(refusal(fixture, request)).toContain(`Everybody can write to ${script}`)
  expect(refusal(fixture, { ...request, args: ['bot.py'] })).toContain(`Everybody can write to ${script}`)
  chmodSync(script, 0o644)
  expect(refusal(fixture, request)).toBe('none')
})

it('never works inside the state directory, nor behind a link that leads there', () => {
  const fixture = new ProgramFixture()
  const { stateDirectory } = fixture.host
  mkdirSync(join(stateDirectory, 'below'))
  const link = join(fixture.directory, 'elsewhere')
  symlinkSync(join(stateDirectory, 'below'), link)
  for (const workingDirectory of [stateDirectory, join(stateDirectory, 'below'), link])
    expect(refusal(fixture, { workingDirectory })).toContain('is inside the state directory')
  expect(refusal(fixture, { workingDirectory: fixture.directory })).toBe('none')
  fixture.host.environment['XDG_DATA_HOME'] = stateDirectory
  expect(refusal(fixture, {})).toContain('is inside the state directory')
})

it('refuses a working directory that is a link, is not there, or is open to others', () => {
  const fixture = new ProgramFixture()
  const data = join(fixture.directory, 'data')
  fixture.host.environment['XDG_DATA_HOME'] = data
  mkdirSync(join(data, 'whatsappd/agents/shop'), { recursive: true })
  symlinkSync(fixture.directory, join(data, 'whatsappd/agents/shop/ada'))
  expect(refusal(fixture, {})).toMatch(/behind a symbolic link.*rm '/)
  fixture.host.id = 'bob'
  expect(refusal(fixture, {})).toBe('none')
  chmodSync(join(data, 'whatsappd/agents/shop/bob'), 0o755)
  expect(refusal(fixture, {})).toMatch(/cannot be used.*chmod 700/)
  expect(refusal(fixture, { workingDirectory: join(fixture.directory, 'missing') })).toMatch(
    /Create the directory/,
  )
  expect(refusal(fixture, { workingDirectory: 'relative' })).toMatch(/no whole path/)
  const open = join(fixture.directory, 'open')
  mkdirSync(open)
  chmodSync(open, 0o1777)
  expect(refusal(fixture, { workingDirectory: open })).toContain(`Everybody can write to ${open}`)
})

it('shows a path as the file has it where that refers to a variable', () => {
  const fixture = new ProgramFixture()
  const path = fixture.script(SCRIPT, 'hunter2')
  chmodSync(path, 0o777)
  fixture.host.shown = (_setting, value) => value.replaceAll('hunter2', '${SECRET}')
  expect(refusal(fixture, { program: path })).not.toContain('hunter2')
  expect(refusal(fixture, { program: `${path}/hunter2` })).not.toContain('hunter2')
})
