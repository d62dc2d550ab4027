import type { ContentPart } from '../../messaging/content.ts'
import type { MessageDetail } from '../../protocol/agent/message-detail.ts'
import { joined, line, lineOrNull, words } from './part-texts.ts'

/** Much more than a person writes to a place. */
const MAX_ACCURACY_METRES = 20_000_000

type Place = Extract<MessageDetail, { type: 'location' }>
type Text = string | null | undefined

interface ToldPlace {
  latitude: unknown
  longitude: unknown
  name: Text
  address: Text
  url: Text
  isLive: boolean
  /** In metres. */
  accuracy: unknown
}

/** A place as it is told, in words and in fields. */
export function placePart(place: ToldPlace): ContentPart | null {
  const { name, address, url, isLive, accuracy } = place
  const degrees = degreesOf(place)
  const { latitude, longitude } = degrees
  const shown = latitude === null ? null : `${latitude}, ${longitude}`
  const what = `[${isLive ? 'live location' : 'location'}]`
  return words(joined(what, [line(name), line(address), shown, line(url)]), {
    type: 'location',
    ...degrees,
    name: lineOrNull(name),
    address: lineOrNull(address),
    url: lineOrNull(url),
    isLive,
    accuracy:
      typeof accuracy === 'number' && accuracy > 0 && accuracy <= MAX_ACCURACY_METRES ? accuracy : null,
  })
}

/** Degrees, where both are on the globe; `null` for both where not. */
export function degreesOf({
  latitude,
  longitude,
}: Pick<ToldPlace, 'latitude' | 'longitude'>): Pick<Place, 'latitude' | 'longitude'> {
  return isWithin(latitude, 90) && isWithin(longitude, 180)
    ? { latitude, longitude }
    : { latitude: null, longitude: null }
}

function isWithin(degrees: unknown, limit: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= limit
}
