import { proto } from '@whiskeysockets/baileys'
import type { Card } from './card.ts'
import { vcardOf } from './vcard.ts'

type Compose<Kind extends Card['kind']> = (
  card: Extract<Card, { kind: Kind }>,
  secret: () => Uint8Array,
) => proto.IMessage

const CHOICES: Record<
  Extract<Card, { kind: 'choice' }>['from'],
  (id: string, text: string) => proto.IMessage
> = {
  list: (id, text) => ({
    listResponseMessage: {
      title: text,
      listType: proto.Message.ListResponseMessage.ListType.SINGLE_SELECT,
      singleSelectReply: { selectedRowId: id },
    },
  }),
  buttons: (id, text) => ({
    buttonsResponseMessage: {
      selectedButtonId: id,
      selectedDisplayText: text,
      type: proto.Message.ButtonsResponseMessage.Type.DISPLAY_TEXT,
    },
  }),
  template: (id, text) => ({
    templateButtonReplyMessage: { selectedId: id, selectedDisplayText: text, selectedIndex: 0 },
  }),
  flow: (id, text) => ({
    interactiveResponseMessage: {
      body: { text },
      nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: JSON.stringify({ id }), version: 3 },
    },
  }),
}

const COMPOSE: { [Kind in Card['kind']]: Compose<Kind> } = {
  location: ({ latitude, longitude, name, address }) => ({
    locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, ...given({ name, address }) },
  }),
  'live-location': ({ latitude, longitude, caption }) => ({
    liveLocationMessage: {
      degreesLatitude: latitude,
      degreesLongitude: longitude,
      accuracyInMeters: 10,
      sequenceNumber: 1,
      ...given({ caption }),
    },
  }),
  contacts: ({ people }) => {
    const contacts = people.map((person) => ({ displayName: person.name, vcard: vcardOf(person) }))
    const [first] = contacts
    if (contacts.length === 1 && first !== undefined) return { contactMessage: first }
    return { contactsArrayMessage: { displayName: `${contacts.length} contacts`, contacts } }
  },
  // Where one option may be chosen, a poll is of another kind (Baileys rc14 `generateWAMessageContent`).
  poll: ({ question, options, choices = 0 }, secret) => ({
    [choices === 1 ? 'pollCreationMessageV3' : 'pollCreationMessage']: {
      name: question,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: choices,
    },
    messageContextInfo: { messageSecret: secret() },
  }),
  event: ({ name, startsAtMs, description, place }, secret) => ({
    eventMessage: {
      name,
      startTime: Math.floor(startsAtMs / 1_000),
      ...given({ description }),
      ...(place === undefined ? {} : { location: { name: place } }),
    },
    messageContextInfo: { messageSecret: secret() },
  }),
  choice: ({ from, id, text }) => CHOICES[from](id, text),
  album: ({ images, videos }) => ({
    albumMessage: { expectedImageCount: images, expectedVideoCount: videos },
  }),
}

/** The message that carries a card, as apps build it. `secret` gives the 32 bytes that votes are encrypted with. */
export function cardMessage(
  card: Card,
  o: { secret: () => Uint8Array; contextInfo: proto.IContextInfo | undefined },
): proto.IMessage {
  // Each entry composes the kind that it is named for.
  const compose = COMPOSE[card.kind] as Compose<Card['kind']>
  const message = compose(card, o.secret)
  if (o.contextInfo === undefined) return message
  const { messageContextInfo, ...content } = message
  const [[kind, value] = ['', {}]] = Object.entries(content) as [string, object][]
  return {
    [kind]: { ...value, contextInfo: o.contextInfo },
    ...(messageContextInfo ? { messageContextInfo } : {}),
  }
}

/** The members that have a value. */
function given<T extends Record<string, string | undefined>>(members: T): { [Name in keyof T]?: string } {
  const entries = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  // Made of the members of `T` alone.
  return Object.fromEntries(entries) as { [Name in keyof T]?: string }
}
