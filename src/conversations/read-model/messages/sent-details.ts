import type { MessageDetail } from '../../../protocol/agent/message-detail.ts'
import type { Choices } from '../../../messaging/choices.ts'
import type { OutgoingContact } from '../../../messaging/outgoing-message.ts'
import type { StoredContent } from '../../outbox/stored-content.ts'

/** What a message of ours holds beside words and files, in fields. */
export function sentDetails(content: StoredContent | null): MessageDetail[] {
  switch (content?.type) {
    case 'location': {
      const { latitude, longitude, name, address } = content
      return [
        { type: 'location', latitude, longitude, name, address, url: null, isLive: false, accuracy: null },
      ]
    }
    case 'contact':
      return [contactDetail(content)]
    case 'contacts':
      return content.contacts.map(contactDetail)
    case 'choices':
      return [{ type: 'choices', ...shownChoices(content.choices) }]
    case 'template': {
      const { name, language } = content
      return [{ type: 'template', name, language }]
    }
    case 'number-request':
      return [{ type: 'numberRequest' }]
    case 'poll': {
      const { question, options, choices } = content
      return [{ type: 'poll', question, options, choices }]
    }
    case 'file':
    case 'reaction':
    case 'edit':
    case 'revoke':
    case undefined:
      return []
  }
}

function contactDetail({ name, phoneNumbers }: OutgoingContact): MessageDetail {
  return { type: 'contact', name, phoneNumbers: [...phoneNumbers], emails: [], organisation: null }
}

function shownChoices(choices: Choices): Omit<Extract<MessageDetail, { type: 'choices' }>, 'type'> {
  if (choices.kind === 'buttons')
    return { button: null, options: choices.buttons.map((button) => ({ ...button, description: null })) }
  const { button, sections } = choices
  return { button, options: sections.flatMap(({ rows }) => rows.map((row) => ({ ...row }))) }
}
