import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExclusiveLock, LockHeldError } from '../../../src/storage/exclusive-lock.ts'

const HOLDER = new URL('../../support/lock-holder.ts', import.meta.url)

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
})
