import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReasonCode } from '../../../src/protocol/reasons.ts'
import { stanza } from '../../../src/simulator/wire/stanza.ts'
import { AccountFiles } from '../../support/account-files.ts'
import { CommandLine } from '../../support/command-line.ts'
import { ALICE, OWNER, Stack } from '../../support/stack.ts'

/** Resolves with its port. */
async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server has a port.
  return (server.address() as AddressInfo).port
}

/** Of reasons of an account that is linked: each is produced, then its advice is followed. `test/unit/protocol/advice-proofs.ts` lists them. */
describe('the advice of', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await Stack.start()
    await stack.link()
  })
  afterEach(() => stack.stop())

  const reasonOf = (): ReasonCode | undefined => stack.account().reason?.code
  const saidReason = (code: ReasonCode): Promise<unknown> =>
    stack.untilEvent('account.status', ({ reason }) => reason?.code === code)
  const isAnswered = async (): Promise<void> => {
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'are you there?')
    await stack.alice.waitForText('are you there?')
  }

  it('disabled_by_config: an account that is enabled answers again', async () => {
    stack.writeConfig([ALICE], { enabled: false })
    await stack.untilState('disabled')
    expect(reasonOf()).toBe('disabled_by_config')
    stack.writeConfig([ALICE], { enabled: true })
    await isAnswered()
  })

  it('disconnected_locally: removed on the phone as well, it can be linked again', async () => {
    const refusal = stack.simulator.faults.refuseUpgrade(503)
    stack.simulator.faults.reset()
    await stack.until('a lost connection', () => stack.account().state !== 'connected')
    await stack.accounts.disconnect('default')
    expect(reasonOf()).toBe('disconnected_locally')
    await stack.owner.removeCompanion()
    refusal.clear()
    await stack.link()
    expect(stack.owner.companions).toHaveLength(1)
    await isAnswered()
  })

  it('server_error: nothing has to be done', async () => {
    stack.simulator.faults.failLogin({ reason: 500 }, { times: 1 })
    stack.simulator.faults.reset()
    await saidReason('server_error')
    await isAnswered()
  })

  it('network_error: with the network back, it connects by itself', async () => {
    await stack.stopDaemon()
    const way = new URL(stack.simulator.webSocketUrl)
    const { hostname, port: behind } = way
    const network = createServer((socket) => {
      const onward = connect(Number(behind), hostname)
      socket.pipe(onward).pipe(socket)
      for (const end of [socket, onward]) end.on('error', () => end.destroy())
    })
    const port = await listening(network, 0)
    await new Promise((resolve) => network.close(resolve))
    way.port = String(port)
    const config = JSON.parse(stack.readConfig()) as { whatsappd: { whatsapp: { webSocketUrl: string } } }
    config.whatsappd.whatsapp.webSocketUrl = way.href
    stack.writeRawConfig(JSON.stringify(config))
    await stack.startDaemon()
    await saidReason('network_error')
    await listening(network, port)
    await isAnswered()
    await stack.stopDaemon()
    network.close()
  })

  it('device_removed and logged_out: a new QR links', async () => {
    await stack.owner.removeCompanion()
    await stack.untilState('logged_out')
    expect(reasonOf()).toBe('device_removed')
    await stack.link()
    stack.simulator.faults.failLogin({ reason: 401 }, { times: 1 })
    stack.simulator.faults.reset()
    await stack.untilState('logged_out')
    expect(reasonOf()).toBe('logged_out')
    await stack.link()
    await isAnswered()
  })

  it('reachout_locked: at the time shown it is over, and who writes first is answered meanwhile', async () => {
    const endsAt = Math.ceil(Date.now() / 1_000) + 2
    const lock = { is_active: true, time_enforcement_ends: String(endsAt) }
    const data = Buffer.from(JSON.stringify({ data: { xwa2_notify_account_reachout_timelock: lock } }))
    const update = stanza('update', { op_name: 'NotificationUserReachoutTimelockUpdate' }, data)
    const attributes = { from: 's.whatsapp.net', type: 'mex', id: 'lock-1', t: '1795000000' }
    stack.simulator.faults.send(stanza('notification', attributes, [update]))
    await stack.untilState('restricted')
    expect(reasonOf()).toBe('reachout_locked')
    expect(Date.parse(stack.account().until ?? '')).toBe(endsAt * 1_000)
    await stack.alice.sendText(OWNER, 'I write first')
    await stack.alice.waitForText('I write first')
    await isAnswered()
  })

  it('storage_newer: the copy of before the upgrade, restored, is used', async () => {
    await stack.stopDaemon()
    const { file } = new AccountFiles(stack.stateDir)
    const copy = join(stack.directory, 'before-the-upgrade.db')
    copyFileSync(file, copy)
    const newer = new DatabaseSync(file)
    newer.exec('PRAGMA user_version = 9999')
    newer.close()
    await stack.startDaemon()
    expect(reasonOf()).toBe('storage_newer')
    await stack.stopDaemon()
    const env = { WHATSAPPD_STATE_DIR: stack.stateDir, SANDBOX_CONFIG: stack.configPath }
    expect(await CommandLine.run(['restore', copy], env)).toMatchObject({ code: 0 })
    await stack.startDaemon()
    await isAnswered()
  })

  it('shutting_down: started again, it resumes', async () => {
    await stack.stopDaemon()
    const last = stack.published('account.status').at(-1)
    expect(last).toMatchObject({ state: 'stopped', reason: { code: 'shutting_down' } })
    await stack.startDaemon()
    await isAnswered()
  })
})
