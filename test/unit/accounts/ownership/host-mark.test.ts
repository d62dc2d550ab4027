import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostMark, RENEW_EVERY_MS, STALE_AFTER_MS } from '../../../../src/accounts/ownership/host-mark.ts'

const HERE = { bootId: 'boot-1', hostname: 'one' }
const THERE = { bootId: 'boot-2', hostname: 'two' }

let directory: string
let path: string

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-host-'))
  path = join(directory, 'host.json')
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(directory, { recursive: true, force: true })
})

function markOf(host: { bootId: string | null; hostname: string }, hasLease = false) {
  const failed = vi.fn<(error: unknown) => void>()
  return { mark: new HostMark({ directory, host, hasLease, failed }), failed }
}

/** As time passes without the host renewing its mark. */
function age(milliseconds: number): void {
  const at = new Date(Date.now() - milliseconds)
  utimesSync(path, at, at)
}

const refusal = expect.objectContaining({ reason: 'lock_server_required', detail: 'the host one' })

describe('the mark of the host that uses a volume', () => {
  it('keeps another host away until it has not been renewed for a while', () => {
    markOf(HERE).mark.start()
    const { mark } = markOf(THERE)
    expect(() => mark.start()).toThrow(refusal)
    age(STALE_AFTER_MS - 5_000)
    expect(() => mark.start()).toThrow(refusal)
    age(STALE_AFTER_MS + 1_000)
    mark.start()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(THERE)
    expect(readdirSync(directory)).toEqual(['host.json'])
  })

  it('is gone after an orderly stop, and is none of another process of the same host', () => {
    const { mark } = markOf(HERE)
    mark.start()
    // A container on the same machine that was made anew.
    markOf({ ...HERE, hostname: 'anew' }).mark.start()
    mark.stop()
    mark.stop()
    expect(existsSync(path)).toBe(false)
    markOf(THERE).mark.start()
  })

  it('tells hosts apart by their names where the system has no id of the boot', () => {
    markOf({ ...HERE, bootId: null }).mark.start()
    markOf({ ...HERE, bootId: null }).mark.start()
    expect(() => markOf(THERE).mark.start()).toThrow(refusal)
  })

  it('with a lease keeps a host without one away, and the other way round, but no host with a lease', () => {
    markOf(HERE, true).mark.start()
    expect(() => markOf(THERE).mark.start()).toThrow(refusal)
    markOf(THERE, true).mark.start()
    rmSync(path)
    markOf(HERE).mark.start()
    expect(() => markOf(THERE, true).mark.start()).toThrow(refusal)
  })

  it('is renewed, so that it does not get stale while the host lives', () => {
    const { mark, failed } = markOf(HERE)
    mark.start()
    age(STALE_AFTER_MS + 1_000)
    vi.advanceTimersByTime(RENEW_EVERY_MS)
    expect(() => markOf(THERE).mark.start()).toThrow(refusal)
    expect(failed).not.toHaveBeenCalled()
  })

  it('ends the host that finds the mark of another one over its own, and leaves that one', () => {
    const { mark, failed } = markOf(HERE)
    mark.start()
    // Both began at once: neither saw the other.
    rmSync(path)
    const other = markOf(THERE)
    other.mark.start()
    vi.advanceTimersByTime(RENEW_EVERY_MS)
    expect(failed.mock.calls).toEqual([
      [expect.objectContaining({ reason: 'lock_server_required', detail: 'the host two' })],
    ])
    expect(other.failed).not.toHaveBeenCalled()
    mark.stop()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(THERE)
  })

  it.each(['', '{', '[]', '{"hostname": 7}'])(
    'takes a file with the content %j for that of another host',
    (text) => {
      writeFileSync(path, text, { mode: 0o600 })
      expect(() => markOf(HERE).mark.start()).toThrow(/lock_server_required/)
    },
  )
})
