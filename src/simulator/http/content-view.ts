import type { CardView, MediaView } from '../../protocol/demo-state.ts'
import type { Card } from '../phones/cards/card.ts'
import type { ClaimedFile } from '../phones/media/media-content.ts'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { ShownMedia } from '../phones/records.ts'
import type { PollVotes } from './poll-votes.ts'

/** A file that the phone has received, or one that it sent itself. */
export function mediaView(
  phone: SimulatedPhone,
  file: ShownMedia | ClaimedFile | undefined,
): MediaView | null {
  if (file === undefined) return null
  const { kind, name, mimeType, size, seconds } = file
  const sha256 = 'sha256' in file ? file.sha256 : Buffer.from(file.fileSha256).toString('hex')
  const isThere = sha256 !== null && phone.files.get(sha256) !== undefined
  return {
    kind,
    name,
    mimeType,
    size,
    seconds,
    path: isThere
      ? `/phones/${encodeURIComponent(phone.phoneNumber)}/files/${sha256}?type=${encodeURIComponent(mimeType)}`
      : null,
    problem: 'problem' in file ? file.problem : null,
  }
}

/** `votes` are those in the poll of this message, by the number of each person. */
export function cardView(
  card: Card | undefined,
  o: { votes: ReturnType<PollVotes['get']>; phoneNumber: string },
): CardView | null {
  switch (card?.kind) {
    case undefined:
      return null
    case 'location':
    case 'live-location': {
      const { latitude, longitude } = card
      const [name, address] = card.kind === 'location' ? [card.name, card.address] : [card.caption, undefined]
      const isLive = card.kind === 'live-location'
      return { kind: 'place', latitude, longitude, name: name ?? null, address: address ?? null, isLive }
    }
    case 'contacts':
      return {
        kind: 'contacts',
        people: card.people.map(({ name, phoneNumbers }) => ({ name, phoneNumbers: [...phoneNumbers] })),
      }
    case 'poll': {
      const chosen = [...(o.votes ?? [])]
      const options = card.options.map((text) => {
        const voters = chosen.filter(([, options]) => options.includes(text))
        return { text, votes: voters.length, isChosen: voters.some(([voter]) => voter === o.phoneNumber) }
      })
      return { kind: 'poll', question: card.question, choices: card.choices ?? 0, options }
    }
    case 'event':
      return {
        kind: 'words',
        text: [`📅 ${card.name}`, card.place, card.description].filter(Boolean).join('\n'),
      }
    case 'choice':
      return { kind: 'words', text: card.text || card.id }
    case 'album':
      return { kind: 'words', text: `Album: ${card.images + card.videos} files` }
  }
}
