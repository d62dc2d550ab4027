import { numberedChoices } from '../../../messaging/choices.ts'
import type { StoredContent, StoredFile } from '../../outbox/stored-content.ts'

const KINDS: Readonly<Record<StoredFile['kind'], string>> = {
  image: 'photo',
  voice: 'voice message',
  audio: 'audio file',
  video: 'video',
  document: 'document',
  sticker: 'sticker',
}

/** What a message of ours is, in words, as it is listed and told to the assistant later; as those that arrive are told. */
export function shownContent(content: StoredContent): string {
  switch (content.type) {
    case 'file': {
      const { kind, name, caption, loops } = content
      const what = loops === true ? 'GIF' : KINDS[kind]
      const shown = kind === 'document' ? `[${what}: ${name}]` : `[${what}]`
      return caption === '' ? shown : `${shown} ${caption}`
    }
    case 'location': {
      const { name, latitude, longitude } = content
      return `[location] ${name ?? `${latitude}, ${longitude}`}`
    }
    case 'contact':
      return `[contact] ${content.name}: ${content.phoneNumbers.join(', ')}`
    case 'contacts':
      return content.contacts
        .map(({ name, phoneNumbers }) => `[contact] ${name}: ${phoneNumbers.join(', ')}`)
        .join('\n')
    case 'choices':
      return numberedChoices(content.text, content.choices)
    case 'template':
    case 'number-request':
      return content.text
    case 'poll':
      return [`[poll] ${content.question}`, ...content.options.map((option) => `- ${option}`)].join('\n')
    case 'reaction':
      return content.emoji === '' ? '[reaction taken back]' : `[reaction] ${content.emoji}`
    case 'edit':
      return content.text
    case 'revoke':
      return '[message deleted]'
  }
}
