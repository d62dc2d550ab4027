/** The way of a message through the daemon, as a receiver of traces in another process sees it. */
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { OtlpReceiver } from '../../support/otlp-receiver.ts'
import { ScriptedChatServer } from '../../support/scripted-chat-server.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../../support/stack.ts'
import { WebhookReceiver } from '../../support/webhook-receiver.ts'

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const WAY = ['message', 'stanza', 'decrypt', 'verdict', 'turn', 'agent', 'send', 'ack']
const answerOf = (content: string) => ({
  body: [JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] })],
})

describe('without an endpoint', () => {
  it('nothing of OpenTelemetry is loaded, whatever happens', async () => {
    const loaded = (): string[] =>
      Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('@opentelemetry'))
    const stack = await Stack.start()
    try {
      await stack.link()
      await stack.alice.sendText(OWNER, 'hello')
      await stack.alice.waitForText('hello')
      expect(loaded()).toEqual([])
    } finally {
      await stack.stop()
    }
    // It would be seen here.
    await import('../../../src/observability/traces/load-traces.ts')
    expect(loaded()).not.toEqual([])
  })
})

describe('with an endpoint', () => {
  const server = new ScriptedChatServer()
  const lines: string[] = []
  let receiver: OtlpReceiver
  let events: WebhookReceiver
  let stack: Stack
  beforeAll(async () => {
    receiver = await OtlpReceiver.start()
    events = await WebhookReceiver.start()
    await server.start()
    stack = await Stack.start({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20token',
        OTEL_SERVICE_NAME: 'sandbox-1',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      },
      channel: {
        agents: { ada: { connector: 'openai-chat', baseUrl: server.baseUrl, model: 'm' } },
        defaultAgent: 'ada',
        webhooks: [
          { url: events.url, secret: WEBHOOK_SECRET, events: ['message.*', 'agent.*', 'account.status'] },
        ],
      },
      logger: createLogger({
        level: 'info',
        format: 'json',
        destination: { write: (line) => lines.push(line) },
      }),
    })
    await stack.link()
  })
  afterAll(async () => {
    await stack.stop()
    await server.stop()
    await events.stop()
    await receiver.stop()
  })

  it('one trace tells the way of a message, and goes on at the server of the agent', async () => {
    server.answers = [answerOf('four')]
    await stack.alice.sendText(OWNER, 'the secret word is xyzzy')
    await stack.alice.waitForText('four')
    const spans = await receiver.untilTrace(({ name }) => name === 'ack', WAY)
    const of = (name: string) => spans.find((span) => span.name === name)
    expect(spans.map(({ name }) => name).toSorted()).toEqual([...WAY].toSorted())
    const root = of('message')
    expect(root).toMatchObject({
      parentSpanId: '',
      attributes: { 'whatsappd.account': 'default', 'whatsappd.verdict': 'inboxed' },
      resource: { 'service.name': 'sandbox-1', 'deployment.environment': 'test' },
      token: 'a token',
    })
    for (const name of ['stanza', 'decrypt', 'verdict', 'turn', 'send'])
      expect(of(name)?.parentSpanId, name).toBe(root?.spanId)
    expect(of('agent')?.parentSpanId).toBe(of('turn')?.spanId)
    expect(of('ack')?.parentSpanId).toBe(of('send')?.spanId)
    for (const span of spans) {
      expect(span.endedAt, span.name).toBeGreaterThanOrEqual(span.startedAt)
      expect(span.isError).toBe(false)
    }
    expect(server.seen.at(-1)?.headers['traceparent']).toBe(`00-${root?.traceId}-${of('agent')?.spanId}-01`)
  })

  it('a receiver of events gets what carries on the trace of the message that they are about', async () => {
    server.answers = [answerOf('five')]
    await stack.alice.sendText(OWNER, 'two and two?')
    await stack.alice.waitForText('five')
    const id = stack.published('message.received').at(-1)?.messageId
    const postOf = (name: string) =>
      events.posts.find(({ type, data }) => type === name && data['messageId'] === id)
    await events.until(() => postOf('message.received') !== undefined)
    const { traceparent } = postOf('message.received')?.headers ?? {}
    const [, traceId, spanId, flags] = String(traceparent).split('-')
    expect(flags).toBe('01')
    const spans = await receiver.untilTrace((span) => span.traceId === traceId, WAY)
    expect(spans.find(({ name }) => name === 'message')?.spanId).toBe(spanId)
    const others = ['agent.turnStarted', 'message.queued', 'agent.turnFinished', 'message.sent']
    const within = (name: string) =>
      events.posts.some(({ type, headers }) => type === name && headers['traceparent'] === traceparent)
    await events.until(() => others.every(within))
  })

  it('an event that is about no message belongs to no trace', async () => {
    const posts = () => events.posts.filter(({ type }) => type === 'account.status')
    await events.until(() => posts().length > 0)
    for (const { headers } of posts()) expect(headers).not.toHaveProperty('traceparent')
  })

  it('a message that is not allowed ends with its verdict', async () => {
    await stack.mallory.sendText(OWNER, 'let me in')
    const spans = await receiver.untilTrace(
      ({ attributes }) => attributes['whatsappd.verdict'] === 'blocked',
      ['message', 'verdict'],
    )
    expect(spans.map(({ name }) => name)).not.toContain('turn')
  })

  it('a failure is in its trace, by its code, and the log names the trace', async () => {
    server.answers = [{ status: 401, body: ['{"error":{"message":"xyzzy"}}'] }]
    await stack.alice.sendText(OWNER, 'and three and three?')
    const spans = await receiver.untilTrace(({ isError }) => isError, ['turn', 'agent', 'send'])
    expect(spans.find(({ name }) => name === 'agent')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'unauthorized' },
    })
    const line = lines.find((each) => each.includes('the assistant failed'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ traceId: spans[0]?.traceId })
  })

  it('nothing of people is in any of it', async () => {
    const bytes = await receiver.bytes()
    for (const number of [OWNER, ALICE, MALLORY]) expect(bytes).not.toContain(number.slice(1))
    for (const word of ['xyzzy', 'four', 'let me in', 'Alice', 'Mallory', 'Owner', '@s.whatsapp'])
      expect(bytes).not.toContain(word)
    for (const { messageId } of stack.published('message.received')) expect(bytes).not.toContain(messageId)
  })
})

describe('with an endpoint that is down', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it('people are answered as ever, and the log says so once', async () => {
    const lines: string[] = []
    stack = await Stack.start({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_BSP_SCHEDULE_DELAY: '100' },
      logger: createLogger({
        level: 'warn',
        format: 'json',
        destination: { write: (line) => lines.push(line) },
      }),
    })
    await stack.link()
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
    }
    const told = (): number => lines.filter((line) => line.includes('traces could not be sent')).length
    await expect.poll(told, { timeout: 60_000 }).toBe(1)
    await stack.alice.sendText(OWNER, 'four')
    await stack.alice.waitForText('four')
    expect(told()).toBe(1)
  })
})
