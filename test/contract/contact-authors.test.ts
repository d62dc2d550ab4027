/** In whose name contact fields are set: what the assistant sets by a call must not count as what a person set. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Harness, LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import { authConfig, claims, hs256, SECRET, secretKey } from './support/tokens.ts'

describe('conversations.setContact', () => {
  let harness: Harness
  beforeEach(async () => {
    const auth = authConfig([secretKey(SECRET)])
    harness = await startHarness({ authSettings: () => auth })
  })
  afterEach(() => harness.stop())

  it.each([
    ['an assistant', () => hs256(claims({ scope: 'send agent conversations' })), 'agent'],
    ['a dashboard', () => hs256(claims({ scope: 'send conversations' })), 'owner'],
    ['a program', () => hs256(claims({ scope: 'send' })), 'api'],
    ['the command line', () => LOCAL_TOKEN, 'api'],
  ])('of %s', async (_who, token, by) => {
    const client = await harness.ready(token())
    await client.request('conversations.setContact', {
      conversation: '+15555550101',
      fields: { company: 'ACME' },
    })
    expect(harness.accounts.calls).toMatchObject([{ method: `setContact by ${by}` }])
  })
})
