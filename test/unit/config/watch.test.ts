import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FileWatch } from '../../../src/config/file/watch.ts'

let root: string
let watch: FileWatch
let looks = 0
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'whatsappd-watch-')))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await watch.stop()
  rmSync(root, { recursive: true })
})

/** How often the file is looked at in a minute in which nothing is heard. */
async function looksAMinute(path: string): Promise<number> {
  looks = 0
  watch = new FileWatch({
    paths: () => [path],
    look: () => (looks += 1),
    isSettled: () => true,
    isMountedAlone: () => false,
    failed: (error) => {
      throw error
    },
  })
  await watch.start()
  vi.advanceTimersByTime(30_000)
  looks = 0
  vi.advanceTimersByTime(60_000)
  return looks
}

it('looks seldom at a file whose every change is heard of', async () => {
  const path = join(root, 'config.json5')
  writeFileSync(path, '{}')
  expect(await looksAMinute(path)).toBe(6)
})

it('looks seldom at a file of a ConfigMap', async () => {
  mkdirSync(join(root, '..2026'))
  writeFileSync(join(root, '..2026', 'config.json5'), '{}')
  symlinkSync('..2026', join(root, '..data'))
  symlinkSync('..data/config.json5', join(root, 'config.json5'))
  expect(await looksAMinute(join(root, 'config.json5'))).toBe(6)
})

it('looks every second where the file is a link to one in a folder that is not watched', async () => {
  mkdirSync(join(root, 'files'))
  writeFileSync(join(root, 'files', 'real.json5'), '{}')
  symlinkSync('files/real.json5', join(root, 'config.json5'))
  expect(await looksAMinute(join(root, 'config.json5'))).toBe(60)
})
