import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExclusiveLock, LockHeldError } from '../../../../src/storage/files/exclusive-lock.ts'

const HOLDER = new URL('../../../support/lock-holder.ts', import.meta.url)

describe('the exclusive lock of a directory', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lock-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('is held once, also inside one process, and free again after release', () => {
    const first = new ExclusiveLock(directory)
    const second = new ExclusiveLock(directory)
    first.acquire()
    expect(() => second.acquire()).toThrow(LockHeldError)
    first.release()
    second.acquire()
    second.release()
  })

  it('is held in a copy of the directory that was made under the usual umask', () => {
    const path = join(directory, 'lock.db')
    writeFileSync(path, '')
    chmodSync(path, 0o644)
    const lock = new ExclusiveLock(directory)
    lock.acquire()
    lock.release()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('names the process that holds it, and is free as soon as that one is killed', async () => {
    const holder = fork(HOLDER, [directory], { execArgv: ['--import', 'tsx'] })
    await once(holder, 'message')
    const lock = new ExclusiveLock(directory)
    expect(() => lock.acquire()).toThrow(`held by process ${holder.pid}`)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    lock.acquire()
    lock.release()
  })

  // The operating system drops all of a process' locks on a file as soon as that process closes it once.
  it('holds against others although its own process has opened and closed the file meanwhile', async () => {
    const lock = new ExclusiveLock(directory)
    lock.acquire()
    expect(() => new ExclusiveLock(directory).acquire()).toThrow(LockHeldError)
    expect(await triesToHold(directory)).toBe('refused')
    lock.release()
  })

  it('is free for others as soon as its own process has given it back, which goes on', async () => {
    const lock = new ExclusiveLock(directory)
    lock.acquire()
    expect(await triesToHold(directory)).toBe('refused')
    lock.release()
    expect(await triesToHold(directory)).toBe('held')
  })
})

async function triesToHold(directory: string): Promise<'held' | 'refused'> {
  const other = fork(HOLDER, [directory], { execArgv: ['--import', 'tsx'], silent: true })
  const exit = once(other, 'exit')
  const answer = await Promise.race([
    once(other, 'message').then(() => 'held' as const),
    exit.then(() => 'refused' as const),
  ])
  other.kill('SIGKILL')
  await exit
  return answer
}
