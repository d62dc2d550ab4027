import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'

let directory: string
let path: string
let running: CommandLine | null = null
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-code-'))
  chmodSync(directory, 0o700)
  path = join(directory, 'code-cache')
})
afterEach(async () => {
  await stop()
  rmSync(directory, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const config = join(directory, 'none.json5')
  running = new CommandLine(['run', `--state-dir=${directory}`, '--port', '0', '--config', config])
  await running.waitFor(/is running on/)
}

async function stop(): Promise<void> {
  running?.signal('SIGTERM')
  await running?.exit
  running = null
}

const isWritten = (): Promise<void> => expect.poll(() => existsSync(path), { timeout: 60_000 }).toBe(true)
const identity = (): string => `${statSync(path).ino} ${statSync(path).mtimeMs}`

it('keeps what was compiled, in a private file, and starts with it', async () => {
  await start()
  await isWritten()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await stop()
  await start()
})

it('starts with a damaged file too, and replaces it', async () => {
  await start()
  await isWritten()
  await stop()
  const whole = readFileSync(path)
  whole.fill(0xff, 5_000, 200_000)
  writeFileSync(path, whole)
  const before = identity()
  await start()
  await expect.poll(identity, { timeout: 60_000 }).not.toBe(before)
  expect(readFileSync(path).equals(whole)).toBe(false)
})
