import { type Contact, jidNormalizedUser, type WAMessage, type WAMessageKey } from '@whiskeysockets/baileys'
import { TtlCache } from '../signal/ttl-cache.ts'
import { addresses, contextOf } from './message-context.ts'
import { unwrapMessage } from './unwrap-message.ts'

const MAX_ALBUMS = 500
/** Its pictures follow within minutes; where the account was offline, with the same backlog. */
const LIFE_MS = 86_400_000
/** More than WhatsApp's apps put into one. */
const MAX_SIZE = 100

export interface AnnouncedAlbum {
  /** How many messages it has; `null` where it does not say. */
  size: number | null
  /** It mentions the account, or answers one of its messages. */
  addressesUs: boolean
}

/** What albums say of themselves, which comes before their pictures. In memory alone; bounded. */
export class AnnouncedAlbums {
  readonly #albums = new TtlCache({ limit: MAX_ALBUMS, ttlMs: LIFE_MS })

  learn({ key, message }: WAMessage, me: Contact): void {
    const { body } = unwrapMessage(message ?? {})
    if (!body.albumMessage || !key.id) return
    const { expectedImageCount, expectedVideoCount } = body.albumMessage
    const size = (expectedImageCount ?? 0) + (expectedVideoCount ?? 0)
    this.#albums.set<AnnouncedAlbum>(nameOf(key, key.id), {
      size: size < 1 || size > MAX_SIZE ? null : size,
      addressesUs: addresses(contextOf(body), me),
    })
  }

  /**
   * The album `id`, as whoever wrote the message with this key announced it in the same chat; `undefined` where they did not: an id is its
   * sender's choice, and others in a group may announce the same one.
   */
  find(key: WAMessageKey, id: string): AnnouncedAlbum | undefined {
    return this.#albums.get<AnnouncedAlbum>(nameOf(key, id))
  }
}

function nameOf({ remoteJid, participant, fromMe }: WAMessageKey, id: string): string {
  const author = fromMe === true ? 'us' : jidNormalizedUser(participant ?? remoteJid ?? '')
  return JSON.stringify([remoteJid, author, id])
}
