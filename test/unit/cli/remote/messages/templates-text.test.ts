import { expect, it } from 'vitest'
import { templatesText } from '../../../../../src/cli/remote/messages/templates-text.ts'

it('shows what must be given for each template, and nothing that its author could do to a terminal', () => {
  const text = templatesText({
    account: 'default',
    total: 3,
    templates: [
      {
        name: 'order_ready',
        language: 'en',
        category: 'utility',
        body: 'Order {{1}}\nis \u001b[31mready',
        header: { kind: 'image', text: null },
        footer: 'Thanks',
        variables: [{ name: '1', place: 'body', example: '1843' }],
        buttons: [
          { index: 0, kind: 'url', title: 'Track', needsValue: true },
          { index: 1, kind: 'reply', title: 'Ok', needsValue: false },
        ],
      },
    ],
  })
  expect(text).toContain('order_ready  en  utility\n    [image]\n    Order {{1}}\n')
  expect(text).toContain('variables: 1 (for example "1843")')
  expect(text).toContain('buttons that need a value: 0 ("Track")')
  expect(text).toContain('… and 2 more')
  expect(text).not.toContain('\u001b')
})

it('says what to do where there is none', () => {
  expect(templatesText({ account: 'default', templates: [], total: 0 })).toContain('WhatsApp Manager')
})
