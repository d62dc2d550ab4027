import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AgentFileRefused } from '../../../../src/agents/files/agent-file-refused.ts'
import { openAgentFile } from '../../../../src/agents/files/open-agent-file.ts'

let base: string
let home: string
let state: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'agent-file-'))
  home = join(base, 'agent')
  state = join(home, 'state')
  mkdirSync(join(home, 'out'), { recursive: true })
  mkdirSync(state)
  writeFileSync(join(base, 'secret.txt'), 'secret')
  writeFileSync(join(state, 'account.db'), 'keys')
  writeFileSync(join(home, 'out', 'plan.txt'), 'the plan')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

async function read(path: string): Promise<string> {
  const handle = await openAgentFile(home, path, state)
  try {
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

it('opens a file of the directory, by a relative and by a whole path, and through links inside of it', async () => {
  symlinkSync('out', join(home, 'latest'))
  symlinkSync(join(home, 'out', 'plan.txt'), join(home, 'plan'))
  for (const path of [
    'out/plan.txt',
    './out/../out/plan.txt',
    join(home, 'out/plan.txt'),
    'latest/plan.txt',
    'plan',
  ])
    expect(await read(path)).toBe('the plan')
})

it.each<[what: string, path: string, prepare?: () => void]>([
  ['a whole path outside', '/etc/passwd'],
  ['a path that climbs', '../secret.txt'],
  ['a path that climbs from below', 'out/../../secret.txt'],
  ['a link outside', 'link', () => symlinkSync('/etc/passwd', join(home, 'link'))],
  ['a file behind a link of a directory', 'up/secret.txt', () => symlinkSync(base, join(home, 'up'))],
  ['a second name of a file', 'hard', () => linkSync(join(base, 'secret.txt'), join(home, 'hard'))],
  ['a named pipe', 'pipe', () => execFileSync('mkfifo', [join(home, 'pipe')])],
  ['a device', '/dev/zero'],
  ['its own memory', '/proc/self/mem'],
  ['the directory itself', '.'],
  ['a directory in it', 'out'],
  ['the state of the daemon', 'state/account.db'],
  ['what is not there', 'nothing'],
  ['a link in a circle', 'loop', () => symlinkSync('loop', join(home, 'loop'))],
  ['a path with a NUL', 'out/plan.txt\0.png'],
  ['a path without end', 'a/'.repeat(5_000)],
])('refuses %s, and names no path', async (_what, path, prepare) => {
  prepare?.()
  const error: unknown = await read(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AgentFileRefused)
  expect((error as Error).message).not.toContain(base)
})
