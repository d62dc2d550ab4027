/** A long export beside dashboards: the daemon has forgotten the walk through its list before the second page is asked for. */
import { describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../../../../src/client/client.ts'
import { RequestError } from '../../../../../src/client/request-error.ts'
import { walkConversations } from '../../../../../src/cli/remote/export/walk-conversations.ts'

/** A list of pages, which is as it was for as long as no conversation is read; `leads`: what each id leads to by now. */
class ListedConversations {
  readonly leads = new Map<string, string | null>()
  readonly #pages: readonly (readonly string[])[]
  #isRead = false

  constructor(...pages: readonly (readonly string[])[]) {
    this.#pages = pages
  }

  async walked(between: (conversationId: string) => void = () => undefined): Promise<string[]> {
    const request = (method: string, params: { cursor?: string; conversation?: string }) =>
      method === 'conversations.list'
        ? this.#page(Number(params.cursor ?? 0))
        : this.#get(params.conversation)
    // The two methods that are called, with what of their answers is read.
    const client = { request } as unknown as Pick<WhatsappdClient, 'request'>
    const walked: string[] = []
    for await (const { conversationId } of walkConversations(client, 'default', undefined)) {
      walked.push(conversationId)
      between(conversationId)
    }
    return walked
  }

  #page(index: number): Promise<unknown> {
    const ids = this.#isRead ? [] : (this.#pages[index] ?? [])
    const cursor = index + 1 < this.#pages.length ? String(index + 1) : null
    return Promise.resolve({ conversations: ids.map((conversationId) => ({ conversationId })), cursor })
  }

  #get(id = ''): Promise<unknown> {
    this.#isRead = true
    const conversationId = this.leads.get(id) ?? (this.leads.has(id) ? null : id)
    return conversationId === null
      ? Promise.reject(new RequestError('conversation_not_found', 'Gone.'))
      : Promise.resolve({ conversation: { conversationId } })
  }
}

describe('a walk through every conversation', () => {
  it('reads the whole list before it gives out the first one, and each once', async () => {
    expect(await new ListedConversations(['1', '2'], ['2', '3'], ['4']).walked()).toEqual([
      '1',
      '2',
      '3',
      '4',
    ])
  })

  it('gives out two that have become one once, and none that is gone', async () => {
    const list = new ListedConversations(['1', '2'], ['3'])
    list.leads.set('1', '3').set('2', null)
    expect(await list.walked()).toEqual(['3'])
  })

  it('gives out again what another one joined afterwards', async () => {
    const list = new ListedConversations(['1', '2', '3'])
    const walked = await list.walked((id) => {
      if (id === '1') list.leads.set('3', '1')
    })
    expect(walked).toEqual(['1', '2', '1'])
  })
})
