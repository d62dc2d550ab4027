import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { formatDateTime } from '../../card/text/time.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

type Detail = MessageView['details'][number]

type Lines = [kind: string, title: string, ...rest: string[]]
type LinesOf = {
  [Type in Detail['type']]?: (frame: ThreadFrame, detail: Extract<Detail, { type: Type }>) => Lines
}

/** The kinds that are shown as cards: what each is called, its title, and what is below it. */
const LINES: LinesOf = {
  location: ({ say }, { latitude, longitude, name, address, isLive }) => {
    const where =
      latitude === null || longitude === null ? '' : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
    const below = name === null ? '' : (address ?? '')
    return [say(isLive ? 'Live place' : 'A place'), name ?? address ?? where, below, where]
  },
  contact: ({ say }, { name, phoneNumbers, emails, organisation }) => [
    say('Contact'),
    name ?? say('Somebody'),
    organisation ?? '',
    ...phoneNumbers,
    ...emails,
  ],
  poll: ({ say }, { question, options }) => [
    say('Poll'),
    question,
    ...options.map((option) => `○ ${option}`),
  ],
  pollResults: ({ say, locale }, { question, votes }) => [
    say('Poll'),
    question,
    ...votes.map(({ option, count }) => `${option}: ${count.toLocaleString(locale)}`),
  ],
  event: ({ say, locale }, { name, description, startsAt, location }) => [
    say('Event'),
    name,
    startsAt === null ? '' : formatDateTime(startsAt, locale),
    location?.name ?? location?.address ?? '',
    description ?? '',
  ],
}

/** Places, contacts, polls and events as cards of words. The text of the message says the other kinds. */
export function renderDetails(frame: ThreadFrame, { details }: MessageView): TemplateResult[] {
  return details.flatMap((detail) => {
    // The key of the table is the detail's type, so the entry takes this detail.
    const linesOf = LINES[detail.type] as ((frame: ThreadFrame, detail: Detail) => Lines) | undefined
    if (linesOf === undefined) return []
    const [kind, title, ...rest] = linesOf(frame, detail)
    return [
      html`<div class="detail" part="detail">
        <span class="muted small-print">${kind}</span>
        <strong><bdi>${title}</bdi></strong>
        ${rest.filter((line) => line !== '').map((line) => html`<span class="small-print"><bdi>${line}</bdi></span>`)}
      </div>`,
    ]
  })
}
