import { type proto, toNumber } from '@whiskeysockets/baileys'
import type { ContentPart, FileDescription } from '../../../messaging/content.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { UnwrappedMessage } from './unwrap-message.ts'

/** What is said of one kind of message; nothing where there is nothing to say. */
type Describe<Kind extends keyof proto.IMessage> = (
  content: NonNullable<proto.IMessage[Kind]>,
  isViewOnce: boolean,
) => (ContentPart | null)[]

/** A question of a poll, a name. */
const MAX_LINE = 300
/** A list of poll options or contacts is cut here. */
const MAX_ITEMS = 50

const poll = ({ name, options }: proto.Message.IPollCreationMessage) => [
  words(
    listed(
      `[poll] ${line(name)}`,
      (options ?? []).map(({ optionName }) => line(optionName)),
    ),
  ),
]

const video = (content: proto.Message.IVideoMessage, isViewOnce: boolean) => [
  file(
    'video',
    content.gifPlayback === true ? 'GIF' : `video${lasting(content.seconds)}`,
    content,
    isViewOnce,
  ),
  words(content.caption),
]

const DESCRIPTIONS: { [Kind in keyof proto.IMessage]?: Describe<Kind> } = {
  conversation: (text) => [words(text)],
  extendedTextMessage: ({ text }) => [words(text)],
  imageMessage: (content, isViewOnce) => [
    file('image', 'photo', content, isViewOnce),
    words(content.caption),
  ],
  videoMessage: video,
  ptvMessage: video,
  audioMessage: (content, isViewOnce) => [
    file(
      'audio',
      `${content.ptt === true ? 'voice message' : 'audio file'}${lasting(content.seconds)}`,
      content,
      isViewOnce,
    ),
  ],
  documentMessage: (content) => [
    file('document', `document${quoted(content.fileName || content.title)}`, {
      ...content,
      fileName: content.fileName || content.title,
    }),
    words(content.caption),
  ],
  stickerMessage: (content) => [file('image', `sticker${quoted(content.accessibilityLabel)}`, content)],
  stickerPackMessage: ({ name, caption }) => [
    file('other', `sticker pack${quoted(name)}`, {}),
    words(caption),
  ],

  contactMessage: (contact) => [words(`[contact] ${contactOf(contact)}`)],
  contactsArrayMessage: ({ contacts }) => [words(listed('[contacts]', (contacts ?? []).map(contactOf)))],
  locationMessage: ({ name, address, url, comment, isLive, ...place }) => [
    words(
      joined(`[${isLive === true ? 'live location' : 'location'}]`, [name, address, degreesOf(place), url]),
    ),
    words(comment),
  ],
  liveLocationMessage: ({ caption, ...place }) => [
    words(joined('[live location]', [degreesOf(place)])),
    words(caption),
  ],
  pollCreationMessage: poll,
  pollCreationMessageV2: poll,
  pollCreationMessageV3: poll,
  pollCreationMessageV5: poll,
  pollResultSnapshotMessage: ({ name, pollVotes }) => [
    words(
      listed(
        `[poll results] ${line(name)}`,
        (pollVotes ?? []).map(
          ({ optionName, optionVoteCount }) => `${line(optionName)}: ${Number(optionVoteCount ?? 0)}`,
        ),
      ),
    ),
  ],
  eventMessage: ({ name, description, location, startTime, isCanceled }) => [
    words(
      joined(isCanceled === true ? '[cancelled event]' : '[event]', [
        name,
        timeOf(startTime),
        location?.name,
      ]),
    ),
    words(description),
  ],
  scheduledCallCreationMessage: ({ title, scheduledTimestampMs }) => [
    words(joined('[planned call]', [title, timeOf(Number(scheduledTimestampMs ?? 0) / 1000)])),
  ],
  groupInviteMessage: ({ groupName, caption }) => [
    words(`[invitation to the group${quoted(groupName)}]`),
    words(caption),
  ],
  newsletterAdminInviteMessage: ({ newsletterName, caption }) => [
    words(`[invitation to the channel${quoted(newsletterName)}]`),
    words(caption),
  ],
  productMessage: ({ product, body }) => [
    words(joined('[product]', [product?.title, product?.description])),
    words(body),
  ],
  orderMessage: ({ orderTitle, itemCount, message }) => [
    words(joined('[order]', [orderTitle, itemCount ? `${itemCount} items` : ''])),
    words(message),
  ],

  // What was chosen from a list or a row of buttons is what the person says.
  buttonsResponseMessage: ({ selectedDisplayText, selectedButtonId }) => [
    words(selectedDisplayText || selectedButtonId),
  ],
  listResponseMessage: ({ title, singleSelectReply }) => [words(title || singleSelectReply?.selectedRowId)],
  templateButtonReplyMessage: ({ selectedDisplayText, selectedId }) => [
    words(selectedDisplayText || selectedId),
  ],
  interactiveResponseMessage: ({ body }) => [words(body?.text)],
  questionResponseMessage: ({ text }) => [words(text)],
  buttonsMessage: ({ contentText, buttons }) => [
    words(
      listed(
        contentText ?? '',
        (buttons ?? []).map(({ buttonText }) => line(buttonText?.displayText)),
      ),
    ),
  ],
  listMessage: ({ title, description }) => [words([title, description].filter(Boolean).join('\n'))],
  templateMessage: ({ hydratedTemplate, hydratedFourRowTemplate }) => [
    words((hydratedTemplate ?? hydratedFourRowTemplate)?.hydratedContentText),
  ],
  interactiveMessage: ({ header, body }) => [words([header?.title, body?.text].filter(Boolean).join('\n'))],
}

/**
 * What a message says, in words: its text, what it holds besides (a place, a poll, a contact), and what its files are.
 * Empty for kinds of which nothing can be said.
 */
export function describeMessage({ body, isViewOnce }: UnwrappedMessage): ContentPart[] {
  for (const [kind, content] of Object.entries(body)) {
    const describe = DESCRIPTIONS[kind as keyof proto.IMessage] as Describe<keyof proto.IMessage> | undefined
    if (describe === undefined || content === null || content === undefined) continue
    // The table ties each kind to its own content; the compiler cannot follow that through a name.
    const parts = describe(content as never, isViewOnce).filter((part) => part !== null)
    if (parts.length > 0) return parts
  }
  return []
}

function words(text: string | null | undefined): ContentPart | null {
  return text ? { kind: 'text', text } : null
}

interface ToldOfFile {
  fileName?: string | null | undefined
  mimetype?: string | null | undefined
  fileLength?: Parameters<typeof toNumber>[0]
}

function file(
  kind: FileDescription['kind'],
  shown: string,
  { fileName, mimetype, fileLength }: ToldOfFile,
  isViewOnce = false,
): ContentPart {
  const what = `${isViewOnce ? 'view-once ' : ''}${shown}`
  const size = toNumber(fileLength ?? 0)
  return {
    kind: 'attachment',
    text: `[${what}]`,
    file: {
      kind,
      what,
      name: line(fileName) || null,
      mimeType: line(mimetype) || null,
      size: size > 0 && Number.isSafeInteger(size) ? size : null,
    },
  }
}

function line(text: string | null | undefined): string {
  return cleanLine(text ?? '', MAX_LINE)
}

function quoted(name: string | null | undefined): string {
  const shown = line(name)
  return shown === '' ? '' : ` "${shown}"`
}

function lasting(seconds: number | null | undefined): string {
  if (!seconds) return ''
  return seconds === 1 ? ', 1 second' : `, ${seconds} seconds`
}

function joined(what: string, texts: readonly (string | null | undefined)[]): string {
  const shown = texts.map((text) => (text ?? '').trim()).filter((text) => text !== '')
  return shown.length === 0 ? what : `${what} ${shown.join(', ')}`
}

function listed(title: string, items: readonly string[]): string {
  return [title.trim(), ...items.slice(0, MAX_ITEMS).map((item) => `- ${item}`)].join('\n')
}

function degreesOf(place: { degreesLatitude?: number | null; degreesLongitude?: number | null }): string {
  const { degreesLatitude, degreesLongitude } = place
  return degreesLatitude == null || degreesLongitude == null ? '' : `${degreesLatitude}, ${degreesLongitude}`
}

/** `seconds` since 1970. */
function timeOf(seconds: unknown): string {
  const at = new Date(Number(seconds ?? 0) * 1000)
  return Number(seconds ?? 0) > 0 && !Number.isNaN(at.getTime()) ? at.toISOString() : ''
}

/** A name, and the telephone numbers of its card. */
function contactOf({ displayName, vcard }: proto.Message.IContactMessage): string {
  const numbers = (vcard ?? '')
    .split(/\r?\n/)
    .flatMap((each) => /^(?:\w+\.)?TEL[^:]*:(.+)$/i.exec(each)?.[1] ?? [])
  return [line(displayName), ...numbers.slice(0, MAX_ITEMS).map(line)]
    .filter((text) => text !== '')
    .join(', ')
}
