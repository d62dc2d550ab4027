import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardView, MediaView, MessageView } from '../../protocol/demo-state.ts'
import { pageUrl } from '../page/page-url.ts'
import { whatsAppText } from '../elements/whatsapp-text.ts'

const TICKS: Record<'sent' | 'delivered' | 'read', { mark: string; words: string }> = {
  sent: { mark: '✓', words: 'sent' },
  delivered: { mark: '✓✓', words: 'delivered' },
  read: { mark: '✓✓', words: 'read' },
}

const KINDS: Record<MediaView['kind'], string> = {
  image: 'Photo',
  video: 'Video',
  gif: 'GIF',
  'video-note': 'Video note',
  voice: 'Voice message',
  audio: 'Audio',
  document: 'Document',
  sticker: 'Sticker',
}

/** What can be done with a message. */
export interface BubbleActions {
  /** Chooses these options of its poll and no others. */
  vote: (message: MessageView, options: string[]) => void
  /** Taps one of its buttons, or picks a row of its list; by id. */
  choose: (message: MessageView, option: string) => void
  /** Tells the business the person's number. */
  shareNumber: () => void
  disabled: boolean
}

/** One message of a chat as phones show it. */
export function renderMessage(message: MessageView, actions: BubbleActions): TemplateResult {
  const { direction, author, text, quote, reactions, status, at, isDeleted, media, card } = message
  const origin = `${message.viaLinkedDevice ? 'by the assistant · ' : ''}${message.isEdited ? 'edited · ' : ''}`
  const tick = status === null ? null : TICKS[status]
  const time = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const isBelow = card?.kind === 'choices' || card?.kind === 'number-request'
  return html`<div class="bubble ${direction}" data-message-id=${message.id}>
    ${author === null ? nothing : html`<span class="quote"><bdi>${author}</bdi></span>`}${quote === null ? nothing : html`<span class="quote">${quote.text}</span>`}${
      media === null ? nothing : renderMedia(media)
    }${card === null || isBelow ? nothing : renderCard(card, message, actions)}<span class="text"
      >${isDeleted ? 'This message was deleted' : whatsAppText(text)}</span
    >${reactions.length === 0 ? nothing : html` <span>${reactions.join('')}</span>`}<span class="meta"
      >${origin}${time}${
        tick === null
          ? nothing
          : html` <span class=${status ?? ''} role="img" aria-label=${tick.words}>${tick.mark}</span>`
      }</span
    >${card !== null && isBelow ? renderCard(card, message, actions) : nothing}
  </div>`
}

/** What a list of chats shows of a message. */
export function messagePreview({ text, media, card }: MessageView): string {
  if (text !== '') return text
  if (media !== null) return media.name ?? KINDS[media.kind]
  if (card?.kind === 'place') return card.isLive ? 'Live location' : 'Location'
  if (card?.kind === 'contacts') return 'Contact'
  if (card?.kind === 'poll') return `Poll: ${card.question}`
  return card?.kind === 'words' ? card.text : ''
}

function renderMedia(media: MediaView): TemplateResult {
  const { kind, name, path, problem } = media
  const label = name ?? KINDS[kind]
  if (path === null)
    return html`<span class="file"
      >${label}<small>cannot be opened${problem === null ? '' : `: ${problem}`}</small></span
    >`
  const url = pageUrl(`simulator${path}`)
  if (kind === 'image' || kind === 'sticker')
    return html`<img class=${kind} src=${url} alt=${label} width="220" />`
  if (kind === 'voice' || kind === 'audio')
    return html`<audio controls preload="metadata" src=${url} aria-label=${label}></audio>`
  if (kind === 'document')
    return html`<a class="file" href=${url} download=${label}
      >${label}<small>${media.mimeType} · ${sizeOf(media.size)}</small></a
    >`
  return html`<video
    controls
    preload="metadata"
    width="220"
    src=${url}
    aria-label=${label}
    ?loop=${kind === 'gif'}
  ></video>`
}

function renderCard(card: CardView, message: MessageView, actions: BubbleActions): TemplateResult {
  if (card.kind === 'words') return html`<span class="text">${card.text}</span>`
  if (card.kind === 'contacts')
    return html`${card.people.map(
      ({ name, phoneNumbers }) =>
        html`<span class="file"><bdi>${name}</bdi><small>${phoneNumbers.join(', ')}</small></span>`,
    )}`
  if (card.kind === 'place') {
    const { latitude, longitude, name, address, isLive } = card
    return html`<span class="file"
      >${name ?? (isLive ? 'Live location' : 'Location')}<small
        >${address === null ? nothing : html`${address}, `}${latitude.toFixed(5)},
        ${longitude.toFixed(5)}</small
      ></span
    >`
  }
  if (card.kind === 'choices') return renderChoices(card, message, actions)
  if (card.kind === 'number-request')
    return html`<button
      type="button"
      class="option"
      ?disabled=${actions.disabled}
      @click=${actions.shareNumber}
    >
      Share my number
    </button>`
  return renderPoll(card, message, actions)
}

function renderChoices(
  { button, options }: Extract<CardView, { kind: 'choices' }>,
  message: MessageView,
  { choose, disabled }: BubbleActions,
): TemplateResult {
  const rows = options.map(
    ({ id, title, description }) =>
      html`<button type="button" class="option" ?disabled=${disabled} @click=${() => choose(message, id)}>
        <span>${title}</span>${description === null ? nothing : html`<small>${description}</small>`}
      </button>`,
  )
  if (button === null) return html`<span class="poll" role="group" aria-label="Choices">${rows}</span>`
  return html`<details>
    <summary>${button}</summary>
    <span class="poll" role="group" aria-label=${button}>${rows}</span>
  </details>`
}

function renderPoll(
  { question, options, choices }: Extract<CardView, { kind: 'poll' }>,
  message: MessageView,
  { vote, disabled }: BubbleActions,
): TemplateResult {
  const chosen = options.filter(({ isChosen }) => isChosen).map(({ text }) => text)
  const choose = (text: string): void => {
    if (chosen.includes(text))
      vote(
        message,
        chosen.filter((each) => each !== text),
      )
    else vote(message, choices === 1 ? [text] : [...chosen, text])
  }
  return html`<span class="poll" role="group" aria-label="Poll: ${question}"
    ><strong>${question}</strong>${options.map(
      ({ text, votes, isChosen }) =>
        html`<button
          type="button"
          class="option"
          aria-pressed=${isChosen}
          ?disabled=${disabled}
          @click=${() => choose(text)}
        >
          <span>${text}</span><small>${votes}</small>
        </button>`,
    )}</span
  >`
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
