import { onTestFinished, vi } from 'vitest'

/** Timers and the clock move only when the test says so; the event loop itself goes on. */
export function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}
