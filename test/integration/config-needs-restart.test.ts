import { afterEach, expect, it } from 'vitest'
import { ALICE, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

it('a setting that counts from the next start is reported by event and config.get until then', async () => {
  stack = await Stack.start({ allowFrom: [ALICE] })
  // The stack writes JSON.
  const config = JSON.parse(stack.readConfig()) as { whatsappd: Record<string, unknown> }
  config.whatsappd['instanceId'] = 'another'
  stack.writeRawConfig(JSON.stringify(config))
  expect(await stack.untilEvent('config.applied')).toMatchObject({ needsRestart: ['whatsappd.instanceId'] })
  expect(await (await stack.client()).request('config.get', {})).toMatchObject({
    valid: true,
    needsRestart: ['whatsappd.instanceId'],
  })
  await stack.stopDaemon()
  await stack.startDaemon()
  expect(await (await stack.client()).request('config.get', {})).not.toHaveProperty('needsRestart')
})
