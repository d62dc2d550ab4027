import { describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../../../../src/client/client.ts'
import { forgetInAccounts } from '../../../../../src/cli/remote/people/forget-in-accounts.ts'
import { RequestError } from '../../../../../src/client/request-error.ts'

describe('forgetting somebody in several accounts', () => {
  it('waits longer than for other answers, and goes on behind an account that fails', async () => {
    const limits: unknown[] = []
    const request = (_method: string, params: { account: string }, options: { timeoutMs?: number }) => {
      limits.push(options.timeoutMs)
      if (params.account === 'full')
        return Promise.reject(
          new RequestError('storage_error', 'The disk is full.', { action: 'Make room.' }),
        )
      return Promise.resolve({ account: params.account })
    }
    // The only method that is called, with what of its answer is read.
    const client = { request } as unknown as Pick<WhatsappdClient, 'request'>
    const done: string[] = []
    const { forgotten, failures } = await forgetInAccounts(
      client,
      ['full', 'shop'],
      '+15550001111',
      ({ account }) => done.push(account),
    )
    expect([done, forgotten.map(({ account }) => account)]).toEqual([['shop'], ['shop']])
    expect(failures).toEqual(['full: The disk is full. Make room.'])
    expect(limits).toEqual([600_000, 600_000])
  })
})
