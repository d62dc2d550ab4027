/** `whatsappd doctor` on a Business number: each planted fault is found, and the cure that is named makes the check green. */
import { rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import {
  type DoctorFinding,
  doctorReportSchema,
  type DoctorReport,
} from '../../../src/protocol/doctor-report.ts'
import { BusinessDaemon, type BusinessDaemonOptions } from '../../support/business-daemon.ts'
import { CommandLine } from '../../support/command-line.ts'
import { ALICE } from '../../support/stack.ts'
import { openTunnel } from '../../support/tunnels/open-tunnel.ts'

let daemon: BusinessDaemon
let tunnel: Server | null = null
afterEach(async () => {
  tunnel?.close()
  tunnel?.closeAllConnections()
  tunnel = null
  await daemon.stop()
})

async function doctor(): Promise<DoctorReport> {
  const { stdout } = await CommandLine.run(['doctor', '--json'], { WHATSAPPD_STATE_DIR: daemon.stateDir })
  for (const secret of [daemon.number.accessToken, daemon.number.appSecret])
    expect(stdout).not.toContain(secret)
  return doctorReportSchema.parse(JSON.parse(stdout))
}

const of = ({ findings }: DoctorReport, check: string): DoctorFinding[] =>
  findings.filter((finding) => finding.check === check)
const badIn = (report: DoctorReport, check: string): DoctorFinding[] =>
  of(report, check).filter(({ level }) => level !== 'ok')

/** The command that several sentences name. */
const link = (): Promise<unknown> => CommandLine.run(['link'], { WHATSAPPD_STATE_DIR: daemon.stateDir })
const reconnect = (): unknown => daemon.accounts.reconnect('default')
const writeAgain = (cloudApi: Record<string, unknown> = {}): void =>
  daemon.writeConfig([ALICE], { cloudApi: { ...daemon.cloudApi, ...cloudApi } })
const stepFailed = (step: string, state = 'failed') =>
  daemon.until(`the step ${step}`, () =>
    daemon.account().business?.steps.some((each) => each.step === step && each.state === state),
  )
const secretFile = (): string => join(daemon.directory, 'token.txt')
const firstWebhook = async (): Promise<void> => {
  daemon.alice.write(daemon.number, 'hello')
  await daemon.until('a webhook', () => (daemon.account().business?.webhook.lastAt ?? null) !== null)
}
const NEW = { state: { status: 'PENDING', platform: 'NOT_APPLICABLE' } } as const

const tellAddress = async (passes: string | null, path = '/webhooks/whatsapp/default'): Promise<void> => {
  tunnel?.close()
  tunnel?.closeAllConnections()
  tunnel = await openTunnel(daemon.url, passes)
  // It listens on TCP.
  const { port } = tunnel.address() as AddressInfo
  await daemon.accounts.connectBusiness('default', { callbackUrl: `http://127.0.0.1:${port}${path}` })
  await daemon.untilState('connected')
}

interface Fault {
  name: string
  check: string
  level: DoctorFinding['level']
  /** What the finding says and advises. */
  says: RegExp
  options?: BusinessDaemonOptions
  plant?: () => unknown
  cure: () => unknown
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a token file that is not there',
    check: 'business.secrets',
    level: 'problem',
    says: /cloudApi\.accessToken/,
    options: { subscribes: false },
    plant: () => writeAgain({ accessToken: { file: secretFile() } }),
    cure: () => writeFileSync(secretFile(), daemon.number.accessToken, { mode: 0o600 }),
  },
  {
    name: 'no app secret',
    check: 'business.secrets',
    level: 'warning',
    says: /webhooks are refused.*appSecret/,
    options: { cloudApi: { appSecret: undefined }, subscribes: false },
    cure: () => writeAgain({ appSecret: daemon.number.appSecret }),
  },
  {
    name: 'a token that was revoked',
    check: 'business.steps',
    level: 'problem',
    says: /Access token: .*Generate token/,
    plant: async () => {
      daemon.platform.endToken(daemon.number, 'revoked')
      await reconnect()
      await stepFailed('token')
    },
    cure: async () => {
      daemon.platform.renewToken(daemon.number)
      writeAgain()
      await daemon.untilState('connected')
    },
  },
  {
    name: 'a token without a permission',
    check: 'business.steps',
    level: 'problem',
    says: /Permissions: .*whatsapp_business_management/,
    plant: async () => {
      daemon.platform.renewToken(daemon.number, { scopes: ['whatsapp_business_messaging'] })
      writeAgain()
      await stepFailed('permissions')
    },
    cure: async () => {
      daemon.platform.renewToken(daemon.number)
      writeAgain()
      await daemon.untilState('connected')
    },
  },
  {
    name: 'the id of another number',
    check: 'business.steps',
    level: 'problem',
    says: /Number: .*Compare both ids/,
    options: { cloudApi: { phoneNumberId: '999' }, subscribes: false },
    plant: () => stepFailed('number'),
    cure: async () => {
      writeAgain({ phoneNumberId: daemon.number.phoneNumberId })
      await daemon.untilState('connected')
    },
  },
  {
    name: 'an app that is not subscribed, and may not be',
    check: 'business.steps',
    level: 'problem',
    says: /Subscription of the app: .*Reconnect/,
    plant: async () => {
      daemon.number.account.subscribedApps.clear()
      daemon.platform.faults.strike('subscribe', { kind: 'error', code: 200 })
      await reconnect()
      await stepFailed('subscribe')
    },
    cure: async () => {
      daemon.platform.faults.clear()
      await reconnect()
      await stepFailed('subscribe', 'done')
    },
  },
  {
    name: 'a number that is not registered',
    check: 'business.steps',
    level: 'problem',
    says: /Registration: .*whatsappd link/,
    options: { number: NEW, subscribes: false },
    plant: () => stepFailed('register'),
    cure: link,
  },
  {
    name: 'a PIN that nobody knows',
    check: 'business.steps',
    level: 'problem',
    says: /Registration: .*Two-step verification > Turn off/,
    options: { number: { state: { ...NEW.state, pin: '135790' } }, subscribes: false },
    plant: async () => {
      await link()
      await stepFailed('register')
    },
    cure: async () => {
      daemon.number.state.pin = null
      await link()
    },
  },
  {
    name: '133006: a number that is not verified',
    check: 'business.steps',
    level: 'problem',
    says: /Registration: .*133006.*Phone numbers > Verify.*finish the set-up/,
    options: { number: { state: { ...NEW.state, codeVerification: 'NOT_VERIFIED' } }, subscribes: false },
    plant: async () => {
      await link()
      await stepFailed('register')
    },
    cure: async () => {
      daemon.number.state.codeVerification = 'VERIFIED'
      await link()
    },
  },
  {
    name: '133008: a PIN that was wrong too often',
    check: 'business.steps',
    level: 'warning',
    says: /Registration: .*133008.*Until .*daemon tries again then.*it is asked for/,
    options: { number: { state: { ...NEW.state, pin: '135790' } }, subscribes: false },
    plant: async () => {
      for (let wrong = 0; wrong < 5; wrong += 1) {
        await daemon.accounts.connectBusiness('default', { pin: String(100_000 + wrong) })
        await daemon.until('the wrong PIN', () => daemon.number.wrongPins === wrong + 1)
        await stepFailed('register')
      }
      await daemon.accounts.connectBusiness('default', { pin: '135799' })
      await stepFailed('register', 'waiting')
      // Twelve hours, as WhatsApp says.
      const until = await daemon.until('the time', () => daemon.account().until)
      expect(Date.parse(until) - Date.now()).toBeGreaterThan(11 * 3_600_000)
    },
    cure: async () => {
      daemon.number.pinLockedUntil = 0
      await daemon.accounts.connectBusiness('default', { pin: '135790' })
      await daemon.untilState('connected')
    },
  },
  ...[133_009, 133_016].map((code): Fault => ({
    name: `${code}: a registration that is not taken now`,
    check: 'business.steps',
    level: 'warning',
    says: new RegExp(`Registration: .*${code}.*Until .*Wait until the time shown; the daemon tries again`),
    options: { number: NEW, subscribes: false },
    plant: async () => {
      const fault = { kind: 'error', code, details: 'Try again in 90 minutes.' } as const
      daemon.platform.faults.strike('register', fault, { times: 1 })
      await daemon.accounts.connectBusiness('default', {})
      await stepFailed('register', 'waiting')
    },
    // By itself when the time is over, and at once where somebody asks for it.
    cure: link,
  })),
  {
    name: 'no webhook yet',
    check: 'business.webhook',
    level: 'warning',
    says: /\/webhooks\/whatsapp\/default.*verify token/,
    options: { subscribes: false },
    plant: () => daemon.untilState('connected'),
    cure: async () => {
      await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
      await firstWebhook()
    },
  },
  {
    name: 'webhooks that are signed with another secret',
    check: 'business.webhook',
    level: 'problem',
    says: /refused.*Compare the app secret/,
    options: { cloudApi: { appSecret: 'another-one' } },
    plant: async () => {
      daemon.alice.write(daemon.number, 'hello')
      await daemon.until('a refusal', () => (daemon.account().business?.webhook.refused ?? 0) > 0)
    },
    cure: async () => {
      writeAgain({ appSecret: daemon.number.appSecret })
      await daemon.untilSeen(daemon.alice, 'hello')
    },
  },
  {
    name: 'no payment method',
    check: 'business.health',
    level: 'problem',
    says: /The WhatsApp account: .*payment method.*141006.*add a new payment method/,
    plant: async () => {
      daemon.number.account.hasPayment = false
      await reconnect()
      await daemon.until('the health', () => daemon.account().business?.health?.canSend === 'BLOCKED')
      expect(daemon.account().reason).toMatchObject({
        code: 'business_restricted',
        message: expect.stringContaining('141006'),
      })
    },
    cure: async () => {
      daemon.number.account.hasPayment = true
      await link()
      await daemon.until('the health', () => daemon.account().business?.health?.canSend === 'AVAILABLE')
    },
  },
  {
    name: 'a company that is not verified',
    check: 'business.health',
    level: 'warning',
    says: /The company: .*verification/,
    plant: async () => {
      daemon.number.healthProblems = [
        { entity: 'BUSINESS', canSend: 'LIMITED', info: 'The business has not passed verification.' },
      ]
      await reconnect()
      await daemon.until('the health', () => daemon.account().business?.health?.canSend === 'LIMITED')
      // It is no news that a person must hear of each day.
      expect(daemon.account().reason?.code).not.toBe('business_restricted')
    },
    cure: async () => {
      daemon.number.healthProblems = []
      await link()
    },
  },
  {
    name: 'a tunnel that publishes everything',
    check: 'business.callback',
    level: 'warning',
    says: /more can be reached than the webhooks: \/, \/livez, .*Publish/,
    plant: () => tellAddress('/'),
    cure: () => tellAddress('/webhooks/'),
  },
  {
    name: 'a tunnel that publishes what wants a token',
    check: 'business.callback',
    level: 'warning',
    says: /more can be reached than the webhooks: \/v1\/accounts\./,
    plant: () => tellAddress('/v1/'),
    cure: () => tellAddress('/webhooks/'),
  },
  {
    name: 'a tunnel that leads nowhere',
    check: 'business.callback',
    level: 'warning',
    says: /does not lead to this account: something else answers there \(status 404\).*Tunnels/,
    options: { subscribes: false },
    plant: async () => {
      await daemon.untilState('connected')
      await tellAddress(null)
    },
    cure: () => tellAddress('/webhooks/'),
  },
  {
    name: 'an address of another account',
    check: 'business.callback',
    level: 'warning',
    says: /does not lead to this account: the daemon knows no such path/,
    options: { subscribes: false },
    plant: async () => {
      await daemon.untilState('connected')
      await tellAddress('/webhooks/', '/webhooks/whatsapp/defualt')
    },
    cure: () => tellAddress('/webhooks/'),
  },
]

it.each(FAULTS)(
  '$name is found by $check, and its cure makes it green',
  async ({ check, level, says, ...fault }) => {
    daemon = await BusinessDaemon.start(fault.options)
    await fault.plant?.()
    const bad = badIn(await doctor(), check)
    expect([...new Set(bad.map((finding) => finding.level))]).toEqual([level])
    expect(bad.map(({ message, action }) => `${message} ${action}`).join('\n')).toMatch(says)
    await fault.cure()
    const after = await doctor()
    expect(badIn(after, check)).toEqual([])
    expect(of(after, check).map((finding) => finding.level)).toContain('ok')
  },
)

it('prints what it found in 80 columns, and names no token, path secret or number', async () => {
  daemon = await BusinessDaemon.start({
    cloudApi: { provider: '360dialog', appSecret: undefined },
    number: { provider: '360dialog' },
    subscribes: false,
  })
  await daemon.untilState('connected')
  daemon.number.account.hasPayment = false
  await daemon.accounts.connectBusiness('default', { callbackUrl: `${daemon.callbackUrl}/` })
  await daemon.until('the health', () => daemon.account().business?.health?.canSend === 'BLOCKED')
  const env = { WHATSAPPD_STATE_DIR: daemon.stateDir }
  const secret = daemon.account().business?.webhook.pathSecret ?? ''
  for (const command of ['doctor', 'status']) {
    const { stdout } = await CommandLine.run([command], env)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('add a new payment method')
    for (const line of stdout.split('\n'))
      if (line.includes(' ')) expect(line.length, line).toBeLessThanOrEqual(80)
    for (const hidden of [secret, daemon.number.accessToken, ALICE.slice(1)]) {
      // `status` names who may write.
      if (command === 'doctor' || hidden !== ALICE.slice(1)) expect(stdout).not.toContain(hidden)
    }
  }
})

it('looks at the secrets of a Business number without a daemon, too, and starts nothing', async () => {
  daemon = await BusinessDaemon.start({ subscribes: false })
  await daemon.untilState('connected')
  await daemon.stopDaemon()
  const asked = () => daemon.platform.calls.items.filter(({ method }) => method !== 'HEAD').length
  const before = asked()
  const run = async (): Promise<{ code: number | null; report: DoctorReport }> => {
    const options = ['--config', daemon.configPath, '--state-dir', daemon.stateDir]
    const { code, stdout } = await CommandLine.run(['doctor', '--json', ...options])
    expect(stdout).not.toContain(daemon.number.accessToken)
    return { code, report: doctorReportSchema.parse(JSON.parse(stdout)) }
  }
  expect(of((await run()).report, 'business.secrets')).toMatchObject([{ level: 'ok' }])
  writeAgain({ accessToken: { file: secretFile() } })
  const broken = await run()
  expect(broken.code).toBe(1)
  expect(badIn(broken.report, 'business.secrets')).toMatchObject([{ level: 'problem' }])
  writeFileSync(secretFile(), daemon.number.accessToken, { mode: 0o600 })
  expect(badIn((await run()).report, 'business.secrets')).toEqual([])
  rmSync(secretFile())
  expect(asked()).toBe(before)
})
