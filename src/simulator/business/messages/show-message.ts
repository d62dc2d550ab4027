import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { ownMessage } from '../people/own-message.ts'
import type { ShownChoices, ShownFile, ShownMessage } from '../people/phone-chat.ts'
import { fillTemplate } from './fill-template.ts'
import { pushStatus } from './push-status.ts'
import type { StoredMessage } from './stored-message.ts'

const FILES: readonly string[] = ['image', 'video', 'audio', 'document', 'sticker']
/** Messages can be reacted to for so long. */
const REACT_WITHIN_MS = 30 * 24 * 3_600_000

/** Shows a message of a business on the person's phone. False, and the business is told, where it cannot be shown. */
export function showMessage(
  env: BusinessEnvironment,
  number: BusinessNumber,
  message: StoredMessage,
): boolean {
  const chat = message.person.chatWith(number)
  const { content } = message
  if (message.type === 'reaction') {
    const id = String(content['message_id'])
    const target = number.message(id)
    const isGone = target === undefined || target.isRevoked || env.now() - target.at > REACT_WITHIN_MS
    if (isGone || target.type === 'reaction') {
      const details = 'The message to react to is too old, deleted, or a reaction'
      pushStatus(env, { number, message, status: 'failed', error: new GraphError(131009, { details }) })
      return false
    }
    chat.reactions.push({ emoji: wordsIn(content['emoji']), id })
    env.changed()
    return true
  }
  chat.show({
    ...ownMessage(message),
    isOwn: false,
    status: 'delivered',
    ...shownParts(env, number, message),
  })
  env.changed()
  return true
}

function shownParts(
  env: BusinessEnvironment,
  number: BusinessNumber,
  { type, content }: StoredMessage,
): Partial<ShownMessage> {
  if (type === 'text') return { text: wordsIn(content['body']) }
  if (FILES.includes(type)) return { file: fileOf(env, type, content), text: wordsIn(content['caption']) }
  if (type === 'location') {
    const { latitude, longitude, name, address } = content
    return {
      place: {
        latitude: Number(latitude),
        longitude: Number(longitude),
        name: typeof name === 'string' ? name : null,
        address: typeof address === 'string' ? address : null,
      },
    }
  }
  if (type === 'contacts') return { people: peopleOf(content) }
  if (type === 'interactive') return interactiveParts(content)
  if (type === 'template') return templateParts(number, content)
  return {}
}

function fileOf(env: BusinessEnvironment, type: string, content: Record<string, unknown>): ShownFile {
  const media = env.media.get(String(content['id']))
  const kind = type === 'audio' && content['voice'] === true ? 'voice' : type
  return {
    // One of `FILES`, or a voice message.
    kind: kind as ShownFile['kind'],
    bytes: media?.bytes ?? Buffer.alloc(0),
    mimeType: media?.mimeType ?? 'application/octet-stream',
    name: typeof content['filename'] === 'string' ? content['filename'] : (media?.name ?? null),
    caption: wordsIn(content['caption']),
  }
}

function peopleOf(content: Record<string, unknown>): ShownMessage['people'] {
  const list: unknown[] = Array.isArray(content['list']) ? content['list'] : []
  return list.filter(isRecord).map(({ name, phones }) => ({
    name: isRecord(name) ? String(name['formatted_name']) : '',
    phoneNumbers: (Array.isArray(phones) ? phones : []).filter(isRecord).map(({ phone }) => String(phone)),
  }))
}

function interactiveParts(content: Record<string, unknown>): Partial<ShownMessage> {
  const { body, action, type } = content
  const text = isRecord(body) ? String(body['text']) : ''
  if (type === 'request_contact_info') return { text, asksForNumber: true }
  return { text, choices: isRecord(action) ? choicesOf(action) : null }
}

function choicesOf(action: Record<string, unknown>): ShownChoices | null {
  const { buttons, sections, button } = action
  if (Array.isArray(buttons)) {
    const options = buttons
      .filter(isRecord)
      .flatMap(({ reply }) => (isRecord(reply) ? [optionOf(reply)] : []))
    return { button: null, options }
  }
  if (!Array.isArray(sections)) return null
  const rows = sections.filter(isRecord).flatMap(({ rows }) => (Array.isArray(rows) ? rows : []))
  return { button: String(button), options: rows.filter(isRecord).map(optionOf) }
}

function optionOf({ id, title, description }: Record<string, unknown>): ShownChoices['options'][number] {
  return {
    id: String(id),
    title: String(title),
    description: typeof description === 'string' ? description : null,
  }
}

function templateParts(number: BusinessNumber, content: Record<string, unknown>): Partial<ShownMessage> {
  const language = isRecord(content['language']) ? String(content['language']['code']) : ''
  const name = String(content['name'])
  const template = number.account.templates.find((each) => each.name === name && each.language === language)
  if (template === undefined) return {}
  const { text, buttons } = fillTemplate(template, content['components'])
  return {
    text,
    template: { name, language },
    choices: buttons.length === 0 ? null : { button: null, options: buttons },
  }
}

function wordsIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
