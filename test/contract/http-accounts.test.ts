/**
 * A dashboard's backend lists the accounts of a thousand users, each in a sandbox of its own: a socket, a handshake and a subscription
 * for each would be a thousand times too much.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView } from './support/fake-ports.ts'
import { PublishedDescription } from './support/published-description.ts'

describe('GET /v1/accounts', () => {
  let harness: Harness
  const published = new PublishedDescription()

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  async function get(query = '', token: string | null = LOCAL_TOKEN) {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`${harness.http}/v1/accounts${query}`, { headers })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('answers as accounts.list does, page by page, and as it is published', async () => {
    harness.accounts.views = Array.from({ length: 130 }, (_, index) =>
      accountView({ account: `Account-${index}`, linked: index % 2 === 0 }),
    )
    const client = await harness.ready()
    for (const params of [{}, { after: 'Account-99' }]) {
      const { status, body } = await get(`?${new URLSearchParams(params).toString()}`)
      expect([status, body]).toEqual([200, await client.request('accounts.list', params)])
      expect(published.faultsOfResult('accounts.list', body)).toEqual([])
    }
    expect((await get('?after=Account-99')).body['accounts']).toHaveLength(30)
  })

  it('needs the scope read and no other', async () => {
    expect((await get('', 'scoped:read')).status).toBe(200)
    const others = SCOPES.filter((scope) => scope !== 'read').join(',')
    expect(await get('', `scoped:${others}`)).toEqual({
      status: 403,
      body: {
        error: {
          code: 'forbidden',
          message: 'The token does not carry the scope read.',
          action: 'Issue tokens with the scope read.',
          details: { scope: 'read' },
        },
      },
    })
    expect((await get('', null)).status).toBe(401)
  })

  it.each(['?before=x', '?after=', '?after=a/b', '?after=a&limit=5'])('refuses %s by name', async (query) => {
    const { status, body } = await get(query)
    expect(status).toBe(400)
    expect(body['error']).toMatchObject({ code: 'invalid_params', details: { issues: expect.any(Array) } })
  })

  it('tells nobody what failed inside, and the log does', async () => {
    harness.accounts.failure = new Error('a secret of the inside')
    const { status, body } = await get()
    expect([status, body]).toEqual([500, { error: expect.objectContaining({ code: 'internal_error' }) }])
    expect(JSON.stringify(body)).not.toContain('a secret')
    expect(harness.log()).toContain('a secret of the inside')
    harness.accounts.failure = new DaemonError('storage_error')
    expect((await get()).status).toBe(503)
  })

  // What is not on disk yet may be gone after a crash: nothing of it leaves before.
  it('answers nothing that is not durable', async () => {
    harness.accounts.commit = () => {
      throw new DaemonError('storage_error', { message: 'The disk is full.' })
    }
    expect((await get()).body['error']).toMatchObject({ message: 'The disk is full.' })
  })
})
