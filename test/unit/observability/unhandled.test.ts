import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLogger } from '../../../src/observability/log/logger.ts'
import {
  installUnhandledPolicy,
  REJECTION_STORM_LIMIT,
  REJECTION_STORM_WINDOW_MS,
  STOP_DEADLINE_MS,
} from '../../../src/observability/unhandled.ts'

function install(options: { stop?: () => Promise<void> } = {}) {
  const source = new EventEmitter()
  const rejections: unknown[] = []
  const exits: number[] = []
  const calls: string[] = []
  const clock = { now: 0 }
  const lines: string[] = []
  const uninstall = installUnhandledPolicy({
    logger: createLogger({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void lines.push(line) },
    }),
    source,
    now: () => clock.now,
    onRejection: (error) => void rejections.push(error),
    stop: async () => {
      calls.push('stop')
      await options.stop?.()
    },
    exit: (code) => void exits.push(code),
  })
  return { source, rejections, exits, calls, clock, lines, uninstall }
}

describe('installUnhandledPolicy', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('hands single rejections on and lives', async () => {
    const { source, rejections, exits, calls, lines } = install()
    source.emit('unhandledRejection', new Error('bad frame from +15551230101'))
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS)
    expect(rejections).toHaveLength(1)
    expect(exits).toEqual([])
    expect(calls).toEqual([])
    expect(lines.join('')).not.toContain('5551230101')
  })

  test('stops in order and exits 1 on a storm, but not when the same number is spread out', async () => {
    const spread = install()
    for (let index = 0; index < REJECTION_STORM_LIMIT * 2; index++) {
      spread.clock.now += REJECTION_STORM_WINDOW_MS / (REJECTION_STORM_LIMIT - 1)
      spread.source.emit('unhandledRejection', 'x')
    }
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS)
    expect(spread.exits).toEqual([])

    const storm = install()
    for (let index = 0; index < REJECTION_STORM_LIMIT; index++) storm.source.emit('unhandledRejection', 'x')
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS)
    expect(storm.calls).toEqual(['stop'])
    expect(storm.exits).toEqual([1])
  })

  test('stops in order and exits 1 once on an uncaught exception', async () => {
    const { source, exits, calls } = install()
    source.emit('uncaughtException', new Error('boom'))
    source.emit('uncaughtException', new Error('boom again'))
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS)
    expect(calls).toEqual(['stop'])
    expect(exits).toEqual([1])
  })

  test('exits when the stop hangs or fails', async () => {
    const hanging = install({ stop: () => new Promise(() => {}) })
    hanging.source.emit('uncaughtException', new Error('boom'))
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS - 1)
    expect(hanging.exits).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(hanging.exits).toEqual([1])

    const failing = install({ stop: () => Promise.reject(new Error('disk')) })
    failing.source.emit('uncaughtException', new Error('boom'))
    await vi.advanceTimersByTimeAsync(STOP_DEADLINE_MS)
    expect(failing.exits).toEqual([1])
  })

  test('listens no longer once uninstalled', () => {
    const { source, uninstall } = install()
    uninstall()
    expect(source.listenerCount('unhandledRejection') + source.listenerCount('uncaughtException')).toBe(0)
  })
})
