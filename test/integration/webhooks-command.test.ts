import { afterEach, beforeEach, expect, it } from 'vitest'
import { doctorReportSchema, type DoctorReport } from '../../src/protocol/doctor-report.ts'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const PLACE = 'channels.whatsapp.webhooks[0]'

let receiver: WebhookReceiver
let stack: Stack
beforeEach(async () => {
  receiver = await WebhookReceiver.start()
  stack = await Stack.start({
    channel: { webhooks: [{ url: receiver.url, secret: SECRET, events: ['message.received'] }] },
  })
  await stack.link()
})
afterEach(async () => {
  await stack.stop()
  await receiver.stop()
})

const env = () => ({ WHATSAPPD_STATE_DIR: stack.stateDir })
const webhooks = (...words: string[]) => CommandLine.run(['webhooks', ...words], env())

async function checks(): Promise<DoctorReport['findings']> {
  const { stdout } = await CommandLine.run(['doctor', '--json', '--config', stack.configPath], env())
  return doctorReportSchema
    .parse(JSON.parse(stdout))
    .findings.filter(({ check }) => check.startsWith('webhook.'))
}

it('whatsappd webhooks shows, tests and posts again; doctor says what is wrong', async () => {
  const tested = await webhooks('test', PLACE)
  expect(tested).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^wh_\w+: HTTP 204, after \d+ ms\.\n$/),
  })
  expect(receiver.posts.map(({ type }) => type)).toEqual(['webhook.test'])
  expect(await webhooks('test', 'other')).toMatchObject({ code: 1, stderr: expect.stringContaining(PLACE) })
  expect(await checks()).toMatchObject([
    { check: 'webhook.secret', level: 'ok' },
    { check: 'webhook.receiver', level: 'ok' },
  ])

  receiver.respond = () => ({ status: 503 })
  for (const text of ['one', 'two']) await stack.alice.sendText(OWNER, text)
  await receiver.until(() => receiver.posts.length > 1)
  expect(await webhooks('test')).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 503') })
  const failing = await webhooks('list')
  expect(failing).toMatchObject({ code: 0, stdout: expect.stringContaining('failing') })
  expect(failing.stdout).toContain(PLACE)
  expect(failing.stdout).not.toContain(SECRET)
  expect(await checks()).toContainEqual(
    expect.objectContaining({
      check: 'webhook.receiver',
      level: 'warning',
      message: expect.stringContaining('HTTP 503'),
      action: expect.stringContaining('whatsappd webhooks retry wh_'),
    }),
  )

  receiver.posts.length = 0
  receiver.respond = () => ({ status: 200 })
  const retried = await webhooks('retry')
  expect(retried).toMatchObject({ code: 0, stdout: expect.stringContaining('0 dead letters wait again') })
  await receiver.until(() => new Set(receiver.messages).size === 2)
  const shown = JSON.parse((await webhooks('list', '--json')).stdout) as { webhooks: object[] }
  expect(shown.webhooks).toMatchObject([{ place: PLACE, dead: 0, texts: false }])
})

it('doctor names a secret that cannot sign, also where no daemon runs', async () => {
  await stack.stopDaemon()
  stack.writeConfig([], { webhooks: [{ url: receiver.url, secret: { env: 'NOT_SET_ANYWHERE' } }] })
  expect(await checks()).toMatchObject([
    { check: 'webhook.secret', level: 'problem', message: expect.stringContaining('cannot sign') },
  ])
  stack.writeConfig([], { webhooks: [] })
  expect(await checks()).toEqual([])
})
