import { afterEach, expect, it } from 'vitest'
import { ConfigPlace } from './config-place.ts'

/** Notices of the config were shown by no one: a policy that does not hold as written, an ignored section, an assistant that is none. */

let place: ConfigPlace
afterEach(() => place.stop())

const AGENT = "agents: { ada: { connector: 'openai-chat', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' } }"

function file(channel: string): string {
  return `{ channels: { whatsapp: { ${channel} } } }\n`
}

const warnings = (): string[] => place.log.map((line) => (JSON.parse(line) as { msg: string }).msg)

it('the log names each of them once, while it stays', async () => {
  place = await ConfigPlace.with(file(`allowFrom: ['+15555550101'], actions: {}, ${AGENT}`))
  expect(warnings()).toEqual([expect.stringMatching(/^channels\.whatsapp\.actions: /)])
  await place.service.addAllowFrom(['+15555550102'])
  expect(warnings()).toHaveLength(1)
  place.replace(file(`allowFrom: [], heartbeat: {}, ${AGENT}`))
  await place.untilAllowed()
  expect(warnings().slice(1)).toEqual([expect.stringContaining('channels.whatsapp.heartbeat: ')])
})

it('the log says that no assistant is configured, in the words of this file, also without any file', async () => {
  place = await ConfigPlace.with(null)
  expect(warnings()).toEqual([expect.stringContaining('no assistant is configured')])
  expect(warnings()[0]).toContain('add an agent under channels.whatsapp.agents')
  place.replace(
    `{ connectors: { whatsapp: { dmPolicy: 'allowlist', allowFrom: ['+15555550101'], accounts: { a: {}, b: { ${AGENT} } } } } }`,
  )
  await place.untilAllowed('+15555550101')
  expect(warnings().slice(1)).toEqual([
    expect.stringContaining('add an agent under connectors.whatsapp.agents'),
  ])
})

it('a file with many of them fills no log, and repeats no secret', async () => {
  const dms = Array.from({ length: 30 }, (_, index) => `a${index}: { accessToken: 'EAAB-secret', ${AGENT} }`)
  place = await ConfigPlace.with(file(`accounts: { ${dms.join(', ')} }`))
  expect(place.log).toHaveLength(11)
  expect(place.log.at(-1)).toContain('"notices":20')
  expect(place.log.join('')).not.toContain('EAAB')
})
