import { afterEach, describe, expect, it } from 'vitest'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

describe('contact fields', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it('are declared by the config while the daemon runs', async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    await stack.link()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    const client = await stack.client()
    const set = (fields: Record<string, string | null>) =>
      client.request('conversations.setContact', { conversation: ALICE, fields })
    await expect(set({ orderNumber: '17' })).rejects.toMatchObject({ code: 'invalid_params' })
    stack.writeConfig([ALICE], { contactFields: [{ name: 'orderNumber', label: 'Order' }] })
    await stack.untilEvent('config.applied')
    await expect(set({ orderNumber: '17' })).resolves.toMatchObject({ changed: ['orderNumber'] })
    const { conversation } = await client.request('conversations.get', { conversation: ALICE })
    expect(conversation.fields).toMatchObject([{ name: 'orderNumber', value: '17', setBy: 'api' }])
    const { fields } = await client.request('conversations.contactFields', {})
    expect(fields.at(-1)).toEqual({ name: 'orderNumber', label: 'Order' })
    expect(stack.published('contact.updated')).toMatchObject([
      { conversation: ALICE, changed: ['orderNumber'] },
    ])
    client.close()
  })
})
