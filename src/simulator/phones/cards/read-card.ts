import type { proto } from '@whiskeysockets/baileys'
import type { Card } from './card.ts'
import { readVcard } from './vcard.ts'

type Read<Kind extends keyof proto.IMessage> = (content: NonNullable<proto.IMessage[Kind]>) => Card

const readPoll = ({ name, options, selectableOptionsCount }: proto.Message.IPollCreationMessage): Card => ({
  kind: 'poll',
  question: name ?? '',
  options: (options ?? []).map(({ optionName }) => optionName ?? ''),
  choices: selectableOptionsCount ?? 0,
})

const READ: { [Kind in keyof proto.IMessage]?: Read<Kind> } = {
  locationMessage: ({ degreesLatitude, degreesLongitude, name, address }) => ({
    kind: 'location',
    latitude: degreesLatitude ?? 0,
    longitude: degreesLongitude ?? 0,
    ...(name ? { name } : {}),
    ...(address ? { address } : {}),
  }),
  liveLocationMessage: ({ degreesLatitude, degreesLongitude, caption }) => ({
    kind: 'live-location',
    latitude: degreesLatitude ?? 0,
    longitude: degreesLongitude ?? 0,
    ...(caption ? { caption } : {}),
  }),
  contactMessage: (contact) => ({ kind: 'contacts', people: [personOf(contact)] }),
  contactsArrayMessage: ({ contacts }) => ({ kind: 'contacts', people: (contacts ?? []).map(personOf) }),
  pollCreationMessage: readPoll,
  pollCreationMessageV2: readPoll,
  pollCreationMessageV3: readPoll,
  eventMessage: ({ name, startTime, description, location }) => ({
    kind: 'event',
    name: name ?? '',
    startsAtMs: Number(startTime ?? 0) * 1_000,
    ...(description ? { description } : {}),
    ...(location?.name ? { place: location.name } : {}),
  }),
  listResponseMessage: ({ title, singleSelectReply }) => ({
    kind: 'choice',
    from: 'list',
    id: singleSelectReply?.selectedRowId ?? '',
    text: title ?? '',
  }),
  buttonsResponseMessage: ({ selectedButtonId, selectedDisplayText }) => ({
    kind: 'choice',
    from: 'buttons',
    id: selectedButtonId ?? '',
    text: selectedDisplayText ?? '',
  }),
  templateButtonReplyMessage: ({ selectedId, selectedDisplayText }) => ({
    kind: 'choice',
    from: 'template',
    id: selectedId ?? '',
    text: selectedDisplayText ?? '',
  }),
  interactiveResponseMessage: ({ body, nativeFlowResponseMessage }) => ({
    kind: 'choice',
    from: 'flow',
    id: idOf(nativeFlowResponseMessage?.paramsJson),
    text: body?.text ?? '',
  }),
  albumMessage: ({ expectedImageCount, expectedVideoCount }) => ({
    kind: 'album',
    images: expectedImageCount ?? 0,
    videos: expectedVideoCount ?? 0,
  }),
}

/** The card that a message without wrappers carries. */
export function readCard(content: proto.IMessage): Card | undefined {
  for (const [kind, read] of Object.entries(READ)) {
    const value = content[kind as keyof proto.IMessage]
    // Each entry reads the member that it is named for.
    if (value) return (read as (value: unknown) => Card)(value)
  }
  return undefined
}

function personOf({ displayName, vcard }: proto.Message.IContactMessage) {
  const person = readVcard(vcard ?? '')
  return { ...person, name: person.name || (displayName ?? '') }
}

function idOf(paramsJson: string | null | undefined): string {
  try {
    // What is no object, or has no id, gives `undefined`.
    const { id } = JSON.parse(paramsJson ?? '{}') as { id?: unknown }
    return typeof id === 'string' ? id : ''
  } catch {
    return ''
  }
}
