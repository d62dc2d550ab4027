import type { MessageAuthor } from '../../access/may-send.ts'
import type { Choices } from '../../messaging/choices.ts'
import type { Transport } from '../../messaging/transport.ts'
import { CHOICE_LIMITS } from '../../protocol/choice-limits.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { MessageContent } from '../outbox/stored-content.ts'
import { shownContent } from '../replies/items/shown-content.ts'
import { fillTemplate } from './fill-template.ts'
import type { SendableKind } from './send-gate.ts'
import type { SendRequest } from './send-request.ts'
import type { SentFiles } from './sent-files.ts'
import { sentText, type SentTextDependencies } from './sent-text.ts'

/** What a message says, once it is read. */
export interface Said {
  text: string
  prefixLength: number
  content: MessageContent | null
}

export interface SaidMessagesDependencies extends SentTextDependencies {
  sentFiles: Pick<SentFiles, 'prepare'>
  transport: Pick<Transport, 'templates' | 'capabilities'>
}

type Asked<Key extends keyof SendRequest> = NonNullable<SendRequest[Key]>

/** Makes of a request what is stored and goes out. Throws `DaemonError`, before anything is stored. */
export class SaidMessages {
  readonly #deps: SaidMessagesDependencies

  constructor(deps: SaidMessagesDependencies) {
    this.#deps = deps
  }

  /** Which kind of message is asked for. Throws `DaemonError` (`invalid_params`) where that is none, or several. */
  static kindOf({
    text,
    media,
    location,
    contacts,
    template,
    choices,
    requestNumber,
  }: SendRequest): SendableKind {
    requireOne({ text, media, location, contacts, template })
    if (choices === undefined && requestNumber === undefined) {
      if (media !== undefined) return 'file'
      if (location !== undefined) return 'location'
      if (contacts !== undefined) return contacts.length === 1 ? 'contact' : 'contacts'
      return template === undefined ? 'text' : 'template'
    }
    if (text === undefined || (choices !== undefined && requestNumber !== undefined))
      throw new DaemonError('invalid_params', {
        message: 'choices and requestNumber each stand below a text: give text, and one of the two.',
      })
    return choices === undefined ? 'number-request' : 'choices'
  }

  /** A copy of a file is made for it, which goes out with it or must be discarded. */
  async read(request: SendRequest, author: MessageAuthor): Promise<Said> {
    const { media, location, contacts, template, choices, requestNumber, text = '' } = request
    if (media !== undefined) return this.#file(media, author)
    if (template !== undefined) return this.#template(template)
    if (location !== undefined) {
      const { name = null, address = null, ...place } = location
      return shown({ type: 'location', ...place, name, address })
    }
    if (contacts !== undefined) return shown(contactsContent(contacts))
    const said = sentText(this.#deps, text, author)
    const most = this.#longestText(request)
    if (said.text.length > most)
      throw invalid(
        'text',
        `has more than ${most} characters, the most that this account can send in such a message`,
      )
    if (choices === undefined && requestNumber === undefined) return { ...said, content: null }
    const content: MessageContent =
      choices === undefined
        ? { type: 'number-request', text: said.text }
        : { type: 'choices', text: said.text, choices: toChoices(choices) }
    return { text: shownContent(content), prefixLength: said.prefixLength, content }
  }

  #longestText({ choices, requestNumber }: SendRequest): number {
    if (choices !== undefined && 'sections' in choices) return CHOICE_LIMITS.list.text
    if (choices !== undefined || requestNumber !== undefined) return CHOICE_LIMITS.buttons.text
    return this.#deps.transport.capabilities.textLimit
  }

  async #file(media: Asked<'media'>, author: MessageAuthor): Promise<Said> {
    const caption = media.caption ?? ''
    const words = caption === '' ? '' : sentText(this.#deps, caption, author).text
    return shown(await this.#deps.sentFiles.prepare({ ...media, caption: words }))
  }

  async #template(template: Asked<'template'>): Promise<Said> {
    const { templates } = this.#deps.transport
    if (templates === null) throw new DaemonError('not_supported', { details: { capability: 'templates' } })
    return shown(fillTemplate(await templates.list(), template))
  }
}

function shown<Content extends MessageContent>(content: Content): Said {
  return { text: shownContent(content), prefixLength: 0, content }
}

function contactsContent(contacts: Asked<'contacts'>): MessageContent {
  const plain = contacts.map(({ name, phoneNumbers }) => ({
    name,
    phoneNumbers: phoneNumbers.map((number) => number.replaceAll(/[^\d+]/g, '')),
  }))
  const [only] = plain
  return plain.length === 1 && only !== undefined
    ? { type: 'contact', ...only }
    : { type: 'contacts', contacts: plain }
}

function toChoices(asked: Asked<'choices'>): MutableChoices {
  const choices: MutableChoices =
    'buttons' in asked
      ? { kind: 'buttons', buttons: asked.buttons.map(({ id, title }) => ({ id: id ?? title, title })) }
      : {
          kind: 'list',
          button: asked.button,
          sections: asked.sections.map(({ title = null, rows }) => ({
            title,
            rows: rows.map((row) => ({
              id: row.id ?? row.title,
              title: row.title,
              description: row.description ?? null,
            })),
          })),
        }
  requireDistinct(choices)
  return choices
}

type MutableChoices = Extract<MessageContent, { type: 'choices' }>['choices']

/** WhatsApp refuses a message in which two choices have one id or, of buttons, one title, and sections without a title beside others. */
function requireDistinct(choices: Choices): void {
  const offered = choices.kind === 'buttons' ? choices.buttons : choices.sections.flatMap(({ rows }) => rows)
  const most = CHOICE_LIMITS.list.count
  if (offered.length > most)
    throw invalid('choices.sections', `has ${offered.length} rows, and a list at most ${most}`)
  if (new Set(offered.map(({ id }) => id)).size < offered.length)
    throw invalid('choices', 'has an id twice; each choice needs its own')
  if (choices.kind === 'buttons') {
    if (new Set(offered.map(({ title }) => title)).size < offered.length)
      throw invalid('choices.buttons', 'has a title twice')
  } else if (choices.sections.length > 1 && choices.sections.some(({ title }) => title === null))
    throw invalid('choices.sections', 'has a section without a title; of several each needs one')
}

function invalid(place: string, why: string): DaemonError {
  return new DaemonError('invalid_params', { message: `${place} ${why}.` })
}

function requireOne(choice: Record<string, unknown>): void {
  const given = Object.values(choice).filter((value) => value !== undefined)
  if (given.length === 1) return
  const names = Object.keys(choice)
  throw new DaemonError('invalid_params', {
    message: `Give exactly one of ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}.`,
  })
}
