import { expect, it } from 'vitest'
import { LiveView } from '../../../../../src/web/card/state/live-view.ts'

it('names the host of the daemon, wherever the page is', () => {
  const live = new LiveView(() => {})
  expect(live.host).toBe('')
  live.open('ws://[::1]:9/path', 'token')
  expect(live.host).toBe('[::1]:9')
  live.close()
})
