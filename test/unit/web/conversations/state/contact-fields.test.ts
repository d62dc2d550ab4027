import { expect, test } from 'vitest'
import { ContactFields } from '../../../../../src/web/conversations/state/contact-fields.ts'
import { contactFieldLabel } from '../../../../../src/web/conversations/text/contact-field-label.ts'
import { ScriptedRequests } from '../scripted-requests.ts'

test('what the config declares can be noted, and what was noted before stays to be seen', async () => {
  const requests = new ScriptedRequests()
  const fields = new ContactFields({ client: requests.client, account: 'default', changed: () => {} })
  const labels = () =>
    fields
      .withNoted([{ name: 'email' }, { name: 'constructor' }])
      .map((field) => contactFieldLabel((text) => text, field))
  await fields.load()
  expect(labels()).toEqual(['name', 'e-mail', 'company', 'notes', 'constructor'])
  requests.answers['conversations.contactFields'] = () => ({
    fields: [
      { name: 'name', label: 'Full name' },
      { name: 'email', label: null },
      { name: 'orderNumber', label: 'Order number' },
    ],
  })
  await fields.load()
  expect(labels()).toEqual(['Full name', 'e-mail', 'Order number', 'constructor'])
})
