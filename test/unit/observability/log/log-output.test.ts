import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogOutput, MAX_WAITING_BYTES } from '../../../../src/observability/log/log-output.ts'
import { SmallDisk } from '../../../faults/small-disk.ts'

const obstacle = SmallDisk.obstacle(join(tmpdir(), `log-disk-${process.pid}`))
if (obstacle !== null)
  console.warn(`no test of a log on a full disk, which needs the right to mount: ${obstacle}`)

let directory: string
let open: number[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-log-'))
  open = []
})

afterEach(() => {
  for (const descriptor of open) closeSync(descriptor)
  rmSync(directory, { recursive: true, force: true })
})

function opened(path: string, flags: string | number): number {
  const descriptor = openSync(path, flags)
  open.push(descriptor)
  return descriptor
}

/** Both ends of a pipe; `write` waits where the pipe is full, as standard error does. */
function pipe(): { read: number; write: number } {
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  const read = opened(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { read, write: opened(path, 'w') }
}

/** Everything that is in the pipe now. */
function drain(descriptor: number): string {
  const chunks: Buffer[] = []
  for (;;) {
    const chunk = Buffer.alloc(65_536)
    let length = 0
    try {
      length = readSync(descriptor, chunk)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
    if (length === 0) return Buffer.concat(chunks).toString()
    chunks.push(chunk.subarray(0, length))
  }
}

const line = (index: number): string => `{"index":${index},"msg":"${'x'.repeat(1_000)}"}\n`

describe('a log that cannot be written', () => {
  it('counts what a full disk refuses', () => {
    const output = new LogOutput(opened('/dev/full', 'w'), () => 1_000)
    expect(output.losses).toBeNull()
    for (const index of [1, 2, 3]) output.write(line(index))
    expect(output.losses).toEqual({ lines: 3, code: 'ENOSPC', lastAt: 1_000 })
  })

  it('counts what a closed pipe and a closed descriptor refuse', () => {
    const { read, write } = pipe()
    open = open.filter((descriptor) => descriptor !== read)
    closeSync(read)
    const output = new LogOutput(write)
    output.write(line(1))
    expect(output.losses).toMatchObject({ lines: 1, code: 'EPIPE' })
    const closed = new LogOutput(1_000_000)
    closed.write(line(1))
    expect(closed.losses).toMatchObject({ lines: 1, code: 'EBADF' })
  })

  // A pager that is paused, or a collector that hangs, would stop the daemon.
  it('never waits for a reader that does not read, and is bounded', () => {
    const { read, write } = pipe()
    const output = new LogOutput(write)
    const lines = Array.from({ length: 600 }, (_, index) => line(index))
    for (const each of lines) output.write(each)
    const lost = output.losses?.lines ?? 0
    expect(output.losses).toMatchObject({ code: 'EAGAIN' })
    // What the pipe holds, and what waits.
    expect(lost).toBeGreaterThan(600 - (MAX_WAITING_BYTES + 128 * 1_024) / 1_000)

    let text = ''
    for (let index = 0; index < 20; index++) {
      text += drain(read)
      output.flush()
    }
    output.write(line(600))
    text += drain(read)
    const records = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { index?: number; lines?: number })
    expect(records.filter(({ index }) => index !== undefined)).toHaveLength(601 - lost)
    // The gap is told where it is, before the line that follows it.
    expect(records.at(-2)).toMatchObject({ level: 'warn', lines: lost, code: 'EAGAIN' })
    expect(records.at(-1)).toMatchObject({ index: 600 })
  })

  it.runIf(obstacle === null)('keeps a line that a full disk cut apart from the next one', () => {
    const disk = new SmallDisk(join(directory, 'disk'))
    disk.mount()
    try {
      const path = join(disk.directory, 'log')
      const output = new LogOutput(opened(path, 'a'))
      output.write(line(1))
      disk.fill()
      // A page of the file still has room: one of these lines fits in part.
      for (const index of [2, 3, 4, 5, 6]) output.write(line(index))
      const lost = output.losses?.lines ?? 0
      expect(output.losses).toMatchObject({ code: 'ENOSPC' })
      disk.free()
      output.write(line(7))
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      const cut = lines.filter((each) => !each.endsWith('}'))
      expect(cut).toHaveLength(1)
      const whole = lines.filter((each) => each.endsWith('}')).map((each) => JSON.parse(each) as object)
      expect(whole).toHaveLength(7 - lost + 1)
      expect(whole.at(-2)).toMatchObject({ lines: lost, code: 'ENOSPC' })
      expect(whole.at(-1)).toMatchObject({ index: 7 })
    } finally {
      for (const descriptor of open.splice(0)) closeSync(descriptor)
      disk.unmount()
    }
  })
})
