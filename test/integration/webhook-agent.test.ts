import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import type { Scope } from '../../src/protocol/tokens/scopes.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'
import { type PostedTurn, WebhookServer } from '../support/webhook-server.ts'

const SECRET = `whsec_${Buffer.from('this secret signs every request!').toString('base64')}`

describe('an agent behind a webhook', () => {
  let stack: Stack
  let server: WebhookServer
  afterEach(async () => {
    await stack.stop()
    await server.stop()
  })

  const start = async (
    answer: Parameters<typeof WebhookServer.start>[0][string],
    settings: Record<string, unknown> = {},
  ): Promise<void> => {
    server = await WebhookServer.start({ hook: answer })
    const hook = {
      connector: 'webhook',
      url: server.urlOf('hook'),
      secret: { env: 'WEBHOOK_SECRET' },
      ...settings,
    }
    stack = await Stack.start({
      channel: { agents: { hook }, defaultAgent: 'hook' },
      env: { WEBHOOK_SECRET: SECRET },
    })
    await stack.link()
  }
  const tokenOf = async (...scopes: Scope[]): Promise<string> => {
    const localToken = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    return issueOwnToken(localToken, { scopes, lifetimeSeconds: 60, subject: 'n8n' }, new Date())
  }
  const post = async (turn: string, body: string, token: string, type = 'application/json') => {
    const response = await fetch(`${stack.url}/v1/turns/${turn}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
    })
    // An object, by the protocol.
    const { error } = (await response.json()) as { error?: { code: string } }
    return [response.status, error?.code]
  }
  const posted = async (): Promise<PostedTurn> => {
    await expect.poll(() => server.posted.at(-1)?.finished).toBe(true)
    const last = server.posted.at(-1)
    if (last === undefined) throw new Error('nothing was posted')
    return last
  }

  it('is answered in the response, as a workflow of n8n does it', async () => {
    await start((_posted, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify([{ output: 'From **n8n**' }]))
    })
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('From *n8n*')
    const { body, headers } = await posted()
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: 'turn',
      sender: { phoneNumber: ALICE, name: 'Alice' },
      messages: [{ text: 'hello' }],
    })
  })

  it('is answered later, whole or in steps, and a second or foreign answer is refused by name', async () => {
    await start((_posted, response) => void response.writeHead(202).end())
    await stack.alice.sendText(OWNER, 'hello')
    const { turn } = await posted()
    const token = await tokenOf('agent')
    expect(await post(turn.id, '{"text":"mine"}', await tokenOf('read', 'send'))).toEqual([403, 'forbidden'])
    expect(await post('nobody', '{"text":"mine"}', token)).toEqual([404, 'turn_not_found'])
    expect(await post(turn.id, '{"message":"no answer"}', token)).toEqual([400, 'invalid_params'])
    expect(await post(turn.id, `{"text":"${'x'.repeat(25_200_000)}"}`, token)).toEqual([
      413,
      'invalid_request',
    ])
    expect(await post(turn.id, '{"type":"delta","text":"Here "}', token)).toEqual([200, undefined])
    const rest = '{"type":"delta","text":"it is"}\n{"type":"done"}\n'
    expect(await post(turn.id, rest, token, 'application/x-ndjson')).toEqual([200, undefined])
    await stack.alice.waitForText('Here it is')
    expect(await post(turn.id, '{"text":"again"}', token)).toEqual([409, 'turn_answered'])
    expect(stack.alice.received).toHaveLength(1)
  })

  it('that goes on after a piece of a file was refused sends no file with a hole', async () => {
    await start((_posted, response) => void response.writeHead(202).end())
    await stack.alice.sendText(OWNER, 'the plan?')
    const { turn } = await posted()
    const token = await tokenOf('agent')
    const piece = JSON.stringify({ type: 'data', data: Buffer.from('piece').toString('base64') })
    expect(await post(turn.id, piece, token)).toEqual([200, undefined])
    expect(await post(turn.id, piece.slice(0, -2), token)).toEqual([400, 'invalid_params'])
    expect(await post(turn.id, piece, token)).toEqual([200, undefined])
    const file = '{"type":"media","kind":"document","name":"plan.txt","caption":"The plan"}'
    expect(await post(turn.id, `${file}\n{"type":"done"}\n`, token, 'application/x-ndjson')).toEqual([
      200,
      undefined,
    ])
    await stack.alice.waitForText('The plan')
    await stack.alice.waitForText('A file that belongs to this answer could not be sent.')
    expect(stack.alice.received.filter(({ media }) => media !== undefined)).toEqual([])
  })

  it('is too late once its time is up', async () => {
    await start((_posted, response) => void response.end('Accepted'), { answer: 'later', timeoutSeconds: 1 })
    await stack.alice.sendText(OWNER, 'hello')
    const { turn } = await posted()
    await stack.untilEvent('agent.turnFinished', ({ code }) => code === 'timeout')
    expect(await post(turn.id, '{"text":"late"}', await tokenOf('agent'))).toEqual([410, 'turn_over'])
  })

  it('is posted again after a restart, under the same id, and its answer counts', async () => {
    await start((_posted, response) => void response.writeHead(202).end())
    await stack.alice.sendText(OWNER, 'hello')
    const before = await posted()
    await stack.stopDaemon()
    await stack.startDaemon()
    await expect.poll(() => server.posted.length).toBe(2)
    const again = await posted()
    expect(again.headers['webhook-id']).toBe(before.headers['webhook-id'])
    expect(await post(before.turn.id, '{"text":"after all"}', await tokenOf('agent'))).toEqual([
      200,
      undefined,
    ])
    await stack.alice.waitForText('after all')
  })
})
