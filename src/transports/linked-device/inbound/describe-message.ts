import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart, FileDescription } from '../../../messaging/content.ts'
import { filePart } from '../../../text/description/file-part.ts'
import { describeChoice } from '../../../text/description/choice.ts'
import { describeInteractiveChoice } from './description/interactive-choice.ts'
import { describeContact, describeContacts } from './description/contact.ts'
import { describeEvent, describePlannedCall } from './description/event.ts'
import {
  describeChannelInvitation,
  describeGroupInvitation,
  describeOrder,
  describeProduct,
} from './description/offer.ts'
import { line, listed, quoted, words } from '../../../text/description/part-texts.ts'
import { describeLivePlace, describePlace } from './description/place.ts'
import { describePoll, describePollResults } from './description/poll.ts'
import type { MediaType } from '../media/media-keys.ts'
import { declaredSize, toMediaSource, type ToldOfMedia } from '../media/media-source.ts'
import type { UnwrappedMessage } from './unwrap-message.ts'

/** What is said of one kind of message; nothing where there is nothing to say. */
type Describe<Kind extends keyof proto.IMessage> = (
  content: NonNullable<proto.IMessage[Kind]>,
  isViewOnce: boolean,
) => (ContentPart | null)[]

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
  stickerMessage: (content) => [
    file('image', `sticker${quoted(content.accessibilityLabel)}`, { ...content, mediaType: 'sticker' }),
  ],
  stickerPackMessage: ({ name, caption }) => [
    file('other', `sticker pack${quoted(name)}`, {}),
    words(caption),
  ],

  contactMessage: describeContact,
  contactsArrayMessage: describeContacts,
  locationMessage: describePlace,
  liveLocationMessage: describeLivePlace,
  pollCreationMessage: describePoll,
  pollCreationMessageV2: describePoll,
  pollCreationMessageV3: describePoll,
  pollCreationMessageV5: describePoll,
  pollResultSnapshotMessage: describePollResults,
  pollResultSnapshotMessageV3: describePollResults,
  eventMessage: describeEvent,
  scheduledCallCreationMessage: describePlannedCall,
  groupInviteMessage: describeGroupInvitation,
  newsletterAdminInviteMessage: describeChannelInvitation,
  productMessage: describeProduct,
  orderMessage: describeOrder,

  buttonsResponseMessage: ({ selectedDisplayText, selectedButtonId }) =>
    describeChoice(selectedButtonId, selectedDisplayText),
  listResponseMessage: ({ title, singleSelectReply }) =>
    describeChoice(singleSelectReply?.selectedRowId, title),
  templateButtonReplyMessage: ({ selectedDisplayText, selectedId }) =>
    describeChoice(selectedId, selectedDisplayText),
  interactiveResponseMessage: describeInteractiveChoice,
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

interface ToldOfFile extends ToldOfMedia {
  fileName?: string | null | undefined
  mimetype?: string | null | undefined
  /** Where it is another than its kind. */
  mediaType?: MediaType
}

function file(
  kind: FileDescription['kind'],
  shown: string,
  told: ToldOfFile,
  isViewOnce = false,
): ContentPart {
  const what = `${isViewOnce ? 'view-once ' : ''}${shown}`
  const { fileName, mimetype, fileLength, mediaType } = told
  const type = mediaType ?? (kind === 'other' ? null : kind)
  const media = type === null ? null : toMediaSource(type, told)
  const size = declaredSize(fileLength)
  return filePart(
    { kind, what, name: fileName, mimeType: mimetype, size, ...(isViewOnce && { isViewOnce }) },
    media,
  )
}

function lasting(seconds: number | null | undefined): string {
  if (!seconds) return ''
  return seconds === 1 ? ', 1 second' : `, ${seconds} seconds`
}
