import { expect, it } from 'vitest'
import { RestartSettings } from '../../../src/config/restart-settings.ts'
import { resolve } from './edit-corpus.ts'

const file = (daemon: string, channel = ''): string =>
  `{ channels: { whatsapp: { ${channel} } }, whatsappd: { ${daemon} } }`
const START = resolve(file("listen: { port: 1 }, log: { level: 'info' }, instanceId: 'one'"))

// The table in docs/config.md said "restart", and such a setting took effect at the next connection or account, or never.
it('keeps what needs a restart as it was at the start, and reports it until it is as before', () => {
  const settings = new RestartSettings(START)
  settings.follow(
    resolve(file("listen: { port: 2 }, log: { level: 'debug' }, reconnect: { maxDelaySeconds: 9 }")),
  )
  expect(settings.running).toMatchObject({
    listen: { port: 1 },
    instanceId: 'one',
    reconnect: { capMs: 60_000 },
    log: { level: 'debug' },
  })
  expect(settings.pending).toEqual(['whatsappd.listen', 'whatsappd.reconnect', 'whatsappd.instanceId'])
  settings.follow(START)
  expect(settings.pending).toEqual([])
})

it('reports the directory of an account that is there, and none of an account that joins or comes back', () => {
  const accounts = (text: string): string => file('', `accounts: { ${text} }`)
  const settings = new RestartSettings(resolve(accounts('home: {}')))
  settings.follow(resolve(accounts("home: {}, work: { authDir: '/one' }")))
  expect(settings.pending).toEqual([])
  settings.follow(resolve(accounts("home: { authDir: '/two' }, work: { authDir: '/one' }")))
  expect(settings.pending).toEqual(['accounts.home.authDir'])
  settings.follow(resolve(accounts("home: { authDir: '/two' }")))
  settings.follow(resolve(accounts("home: { authDir: '/two' }, work: { authDir: '/three' }")))
  expect(settings.pending).toEqual(['accounts.home.authDir'])
})

it('reports at most fifty', () => {
  const accounts = (authDir: string): string =>
    Array.from({ length: 60 }, (_, index) => `a${index}: { authDir: '/${authDir}/${index}' }`).join(', ')
  const settings = new RestartSettings(resolve(file('', `accounts: { ${accounts('one')} }`)))
  settings.follow(resolve(file('', `accounts: { ${accounts('two')} }`)))
  expect(settings.pending).toHaveLength(50)
})
