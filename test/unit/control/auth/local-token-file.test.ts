import { existsSync, mkdtempSync, chmodSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { localTokenPath, replaceLocalToken } from '../../../../src/control/auth/local-token.ts'
import { LocalTokenFile } from '../../../../src/control/auth/local-token-file.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { FuseMount } from '../../../support/fuse-mount.ts'

let directory: string
let path: string
let file: LocalTokenFile
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-token-'))
  chmodSync(directory, 0o700)
  path = localTokenPath(directory)
  file = new LocalTokenFile({ stateDirectory: directory, logger: createLogger({ level: 'silent' }) })
  file.start()
})
afterEach(() => {
  file.stop()
  rmSync(directory, { recursive: true })
})

const content = (): string => readFileSync(path, 'utf8').trim()

it('makes another token at once when the file is deleted, each time, while nobody asks for it', async () => {
  for (let round = 0; round < 3; round += 1) {
    const before = content()
    rmSync(path)
    await expect.poll(() => existsSync(path)).toBe(true)
    expect(content()).not.toBe(before)
  }
})

it('follows the file that takes its place', async () => {
  replaceLocalToken(directory)
  const replaced = content()
  await expect.poll(() => file.read()).toBe(replaced)
  rmSync(path)
  await expect.poll(() => existsSync(path)).toBe(true)
  expect(file.read()).not.toBe(replaced)
})

it('makes another one once there is a place for it, while nobody asks for it', async () => {
  const before = content()
  const reads = vi.spyOn(file, 'read')
  renameSync(directory, `${directory}.away`)
  rmSync(join(`${directory}.away`, 'token'))
  await expect.poll(() => reads.mock.results.map(({ value }) => value as string | null)).toContain(null)
  renameSync(`${directory}.away`, directory)
  await expect.poll(() => existsSync(path)).toBe(true)
  expect(content()).not.toBe(before)
})

it('need be looked for by nobody, until it changes', async () => {
  expect(file.isSettled).toBe(true)
  replaceLocalToken(directory)
  await expect.poll(() => file.isSettled).toBe(false)
})

const obstacle = FuseMount.obstacle()
if (obstacle !== null) console.warn(`no test of a token on a network volume: ${obstacle}`)

describe.runIf(obstacle === null)('on a network volume', () => {
  it('must be looked for, since nothing tells what another machine does', () => {
    const volume = new FuseMount(directory)
    volume.mount()
    const shared = new LocalTokenFile({
      stateDirectory: volume.directory,
      logger: createLogger({ level: 'silent' }),
    })
    try {
      shared.start()
      expect(shared.isSettled).toBe(false)
    } finally {
      shared.stop()
      volume.unmount()
    }
  })
})
