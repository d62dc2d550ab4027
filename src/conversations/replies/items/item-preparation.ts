import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { AnsweringAgent, ReplyItem } from '../../../agents/agent.ts'
import type { AudioConverter } from '../../../agents/audio/audio-converter.ts'
import { AgentFileRefused } from '../../../agents/files/agent-file-refused.ts'
import type { Capabilities } from '../../../messaging/capabilities.ts'
import type { AdoptOutcome, MediaFile, MediaFiles } from '../../media/media-files.ts'
import type { MessageContent, StoredFile } from '../../outbox/stored-content.ts'
import { numberedChoices } from '../../../messaging/choices.ts'
import { cleanLine, cutText, sendableText } from '../../../text/bounded-text.ts'
import { toEmoji } from '../../../text/emoji.ts'
import type { OutgoingRedaction } from '../outgoing-redaction.ts'
import { fitChoices, type OfferedChoices } from './fit-choices.ts'
import { fittingKind } from './fitting-kind.ts'
import { pictureSize } from './picture-size.ts'

/** As WhatsApp's apps cut them. */
const MAX_QUESTION = 255
const MAX_OPTION = 100
const MAX_NAME = 100
const MAX_ADDRESS = 300
const MIN_OPTIONS = 2
const MAX_CHOICES = 30
/** Opens a list whose agent names nothing for it; a sign, because it stands in chats of every language. */
const LIST_BUTTON = '☰'
const MAX_OPTIONS = 12
const SECRET_BYTES = 32
const STANDARD_FILE_NAME = 'file'

/** What of an answer can go out besides its words, once it is on our disk. */
export type ReadyItem =
  /** `caption`: Markdown of the agent's, which becomes that of the file. */
  | { kind: 'content'; content: MessageContent; caption: string }
  /** Words in the place of something that cannot be sent here; Markdown. */
  | { kind: 'text'; text: string }
  /** `messageId`: WhatsApp's id of the message that it is to; `null` for the last one of the turn. */
  | { kind: 'reaction'; emoji: string; messageId: string | null }
  /** Not for the chat: what the agent has learnt of who is behind it. */
  | { kind: 'contactField'; name: string; value: string }
  /** It cannot go out. `why`: a sentence for the person who runs the daemon; `isFile`: it is one that the answer may speak of. */
  | { kind: 'unusable'; why: string; caption: string; isFile: boolean }

export interface ItemPreparationDependencies {
  files: Pick<MediaFiles, 'adopt' | 'discard'>
  capabilities: Pick<Capabilities, 'media' | 'reactions' | 'choices' | 'polls'>
  audio: Pick<AudioConverter, 'toVoice'>
  redaction: Pick<OutgoingRedaction, 'plain'>
}

type Media = Extract<ReplyItem, { type: 'media' }>

/** Makes of what an agent gives besides its words something that can be queued: files are copied, judged by their content, and bounded. */
export class ItemPreparation {
  readonly #deps: ItemPreparationDependencies

  constructor(deps: ItemPreparationDependencies) {
    this.#deps = deps
  }

  /** Never rejects. */
  async prepare(
    item: Exclude<ReplyItem, { type: 'quote' }>,
    agent: Pick<AnsweringAgent, 'openFile'>,
    signal: AbortSignal,
  ): Promise<ReadyItem> {
    switch (item.type) {
      case 'media':
        return this.#media(item, agent, signal)
      case 'location':
        return this.#location(item)
      case 'contact':
        return this.#contact(item)
      case 'poll':
        return this.#poll(item)
      case 'choices':
        return this.#choices(item)
      case 'contact_field':
        return { kind: 'contactField', name: item.name, value: this.#deps.redaction.plain(item.value) }
      case 'unusable':
        return item.isHidden === true ? unusableOther(item.why) : unusable(item.why, item.caption ?? '')
      case 'reaction': {
        const emoji = item.emoji === '' ? '' : toEmoji(item.emoji)
        if (emoji === null || !this.#deps.capabilities.reactions)
          return unusableOther('A reaction is one emoji.')
        return { kind: 'reaction', emoji, messageId: item.messageId ?? null }
      }
    }
  }

  /** What was ready goes out with nothing. */
  discard(item: ReadyItem): void {
    if (item.kind === 'content' && item.content.type === 'file') this.#deps.files.discard(item.content.media)
  }

  async #media(
    { kind, file, mimeType, name, caption = '', loops }: Media,
    agent: Pick<AnsweringAgent, 'openFile'>,
    signal: AbortSignal,
  ): Promise<ReadyItem> {
    const { capabilities, files } = this.#deps
    const maxBytes = Math.max(0, ...Object.values(capabilities.media).map((each) => each.maxBytes))
    if (maxBytes === 0) return unusable('Files cannot be sent here.', caption)
    const shownName = this.#line(
      name ?? ('path' in file ? (file.path.split('/').at(-1) ?? '') : ''),
      MAX_NAME,
    )
    const about = { name: shownName || null, mimeType: mimeType ?? null, maxBytes }
    const adopted = await this.#adopt(file, about, agent)
    if (adopted.outcome === 'failed') return unusable(adopted.message, caption)
    const content = await this.#describe(adopted, { kind, mimeType, name: shownName, loops, signal })
    if (content.size <= (capabilities.media[content.kind]?.maxBytes ?? 0))
      return { kind: 'content', content, caption }
    files.discard(content.media)
    return unusable('The file is larger than WhatsApp takes.', caption)
  }

  async #adopt(
    file: Media['file'],
    about: { name: string | null; mimeType: string | null; maxBytes: number },
    agent: Pick<AnsweringAgent, 'openFile'>,
  ): Promise<AdoptOutcome> {
    if ('data' in file) return this.#deps.files.adopt({ data: file.data }, about)
    try {
      const handle = await agent.openFile?.(file.path)
      if (handle === undefined) throw new AgentFileRefused('The agent has no directory on this machine.')
      try {
        return await this.#deps.files.adopt({ handle }, about)
      } finally {
        await handle.close()
      }
    } catch (error) {
      const message = error instanceof AgentFileRefused ? error.message : 'The file cannot be opened.'
      return { outcome: 'failed', code: 'refused', message }
    }
  }

  async #describe(
    adopted: MediaFile,
    said: Pick<Media, 'kind' | 'mimeType' | 'loops'> & { name: string; signal: AbortSignal },
  ): Promise<StoredFile> {
    const voice = said.kind === 'voice' ? await this.#asVoice(adopted, said.signal) : null
    if (voice !== null) return voice
    const { media } = this.#deps.capabilities
    const fitting = fittingKind(said.kind, adopted.type)
    const { maxBytes = 0, mimeTypes } = media[fitting] ?? {}
    const type = mimeTypeOf(fitting, adopted.type).split(';', 1)[0] ?? ''
    const isTaken = mimeTypes?.includes(type) ?? true
    const kind = isTaken && adopted.size <= maxBytes ? fitting : 'document'
    const size =
      kind === 'image' || kind === 'sticker' ? await pictureSize(adopted.path).catch(() => null) : null
    return {
      type: 'file',
      media: adopted.id,
      kind,
      caption: '',
      name: fileName(said.name, adopted.extension),
      mimeType: mimeTypeOf(kind, adopted.type ?? said.mimeType ?? null),
      size: adopted.size,
      ...(size !== null && { width: size.width, height: size.height }),
      ...(kind === 'sticker' && size?.isAnimated === true && { isAnimated: true }),
      ...(kind === 'video' && said.loops === true && { loops: true }),
    }
  }

  /** `null` where it cannot be made one; then it is shown as what it is. */
  async #asVoice(adopted: MediaFile, signal: AbortSignal): Promise<StoredFile | null> {
    const { audio, files } = this.#deps
    const recording = await audio.toVoice(adopted.path, `${adopted.path}.voice`, signal)
    if (recording === null) return null
    const { seconds, waveform } = recording
    let file = adopted
    if (recording.path !== adopted.path) {
      const converted = await files.adopt({ path: recording.path }, { name: null, mimeType: null })
      await rm(recording.path, { force: true })
      if (converted.outcome === 'failed') return null
      files.discard(adopted.id)
      file = converted
    }
    return {
      type: 'file',
      media: file.id,
      kind: 'voice',
      caption: '',
      name: fileName('', file.extension),
      mimeType: 'audio/ogg; codecs=opus',
      size: file.size,
      seconds,
      ...(waveform !== null && { waveform: [...waveform] }),
    }
  }

  #location({ latitude, longitude, name, address }: Extract<ReplyItem, { type: 'location' }>): ReadyItem {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
      return unusableOther('Its latitude or longitude is not a place on the map.')
    const content = {
      type: 'location' as const,
      latitude,
      longitude,
      name: this.#line(name ?? '', MAX_NAME) || null,
      address: this.#line(address ?? '', MAX_ADDRESS) || null,
    }
    return { kind: 'content', content, caption: '' }
  }

  #contact({ name, phoneNumbers }: Extract<ReplyItem, { type: 'contact' }>): ReadyItem {
    const numbers = phoneNumbers
      .map((number) => number.replaceAll(/[\s().-]/g, ''))
      .filter((number) => /^\+?\d{3,15}$/.test(number))
    const shown = this.#line(name, MAX_NAME)
    if (numbers.length === 0 || shown === '') return unusableOther('A contact needs a name and a number.')
    return { kind: 'content', content: { type: 'contact', name: shown, phoneNumbers: numbers }, caption: '' }
  }

  #poll({ question, options, choices = 1 }: Extract<ReplyItem, { type: 'poll' }>): ReadyItem {
    const shown = [...new Set(options.map((option) => this.#line(option, MAX_OPTION)))].filter(
      (option) => option !== '',
    )
    const asked = this.#line(question, MAX_QUESTION)
    if (shown.length < MIN_OPTIONS || shown.length > MAX_OPTIONS || asked === '')
      return unusableOther(`A poll needs a question and ${MIN_OPTIONS} to ${MAX_OPTIONS} different options.`)
    const most = Number.isInteger(choices) && choices >= 0 ? Math.min(choices, shown.length) : 1
    if (!this.#deps.capabilities.polls) {
      const offered = shown.map((title) => ({ id: title, title, description: null }))
      // What can be tapped can be tapped once.
      return this.#offer({ text: asked, options: offered, button: LIST_BUTTON }, most === 1)
    }
    const secret = randomBytes(SECRET_BYTES).toString('base64')
    const content = { type: 'poll' as const, question: asked, options: shown, choices: most, secret }
    return { kind: 'content', content, caption: '' }
  }

  #choices({ text, options, button = '' }: Extract<ReplyItem, { type: 'choices' }>): ReadyItem {
    const { redaction } = this.#deps
    const asked = sendableText(redaction.plain(sendableText(text))).trim()
    const named = options.map(({ id, title, description = '' }) => ({
      id: this.#line(id ?? title, MAX_OPTION),
      title: this.#line(title, MAX_OPTION),
      description: this.#line(description, MAX_OPTION) || null,
    }))
    const shown = named.filter(
      ({ id, title }, index) => title !== '' && named.findIndex((other) => other.id === id) === index,
    )
    if (asked === '' || shown.length === 0 || shown.length > MAX_CHOICES)
      return unusableOther(`Choices need a text and 1 to ${MAX_CHOICES} options with different ids.`)
    return this.#offer(
      { text: asked, options: shown, button: this.#line(button, MAX_OPTION) || LIST_BUTTON },
      true,
    )
  }

  /** As what can be tapped, or else as a numbered text. */
  #offer(offered: OfferedChoices, mayTap: boolean): ReadyItem {
    const content = mayTap ? fitChoices(offered, this.#deps.capabilities.choices) : null
    if (content !== null) return { kind: 'content', content, caption: '' }
    const rows = [...offered.options]
    const choices = { kind: 'list' as const, button: '', sections: [{ title: null, rows }] }
    return { kind: 'text', text: numberedChoices(offered.text, choices) }
  }

  #line(text: string, limit: number): string {
    const { redaction } = this.#deps
    // What is cleaned away may have stood within a secret.
    const whole = cleanLine(redaction.plain(text), Number.POSITIVE_INFINITY)
    return cutText(redaction.plain(whole), limit)
  }
}

function unusable(why: string, caption: string): ReadyItem {
  return { kind: 'unusable', why, caption, isFile: true }
}

function unusableOther(why: string): ReadyItem {
  return { kind: 'unusable', why, caption: '', isFile: false }
}

/** As WhatsApp's apps name them. */
function mimeTypeOf(kind: StoredFile['kind'], type: string | null): string {
  if (kind === 'audio' && type === 'audio/x-m4a') return 'audio/mp4'
  return type !== null && /^[\w.+-]+\/[\w.+-]+(?:;[\w .=+-]*)?$/.test(type)
    ? type
    : 'application/octet-stream'
}

/** What systems give a meaning to in a name, besides the controls that are gone already. */
const FORBIDDEN_IN_NAMES = /[\\/:*?"<>|]/g

/**
 * What people see a file of ours called: one line without directories, with an ending. `extension`: what its content asks for, without a
 * dot; `bin` for nothing in particular.
 */
function fileName(name: string, extension: string): string {
  const bare = name
    .replaceAll(FORBIDDEN_IN_NAMES, '_')
    .replaceAll(/^[.\s]+|[.\s]+$/g, '')
    .trim()
  const shown = bare === '' ? STANDARD_FILE_NAME : bare
  const hasEnding = /\.[a-z0-9]{1,8}$/i.test(shown)
  return hasEnding || extension === 'bin' ? shown : `${shown}.${extension}`
}
