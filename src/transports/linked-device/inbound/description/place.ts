import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { placePart } from '../../../../text/description/place.ts'
import { words } from '../../../../text/description/part-texts.ts'

export function describePlace(place: proto.Message.ILocationMessage): (ContentPart | null)[] {
  return [placePart(told(place, place.isLive === true)), words(place.comment)]
}

/** As it is when somebody begins to share it: linked devices are not told where they go. */
export function describeLivePlace(place: proto.Message.ILiveLocationMessage): (ContentPart | null)[] {
  return [placePart(told(place, true)), words(place.caption)]
}

function told(place: proto.Message.ILocationMessage, isLive: boolean): Parameters<typeof placePart>[0] {
  const { degreesLatitude: latitude, degreesLongitude: longitude, accuracyInMeters: accuracy } = place
  const { name, address, url } = place
  return { latitude, longitude, name, address, url, isLive, accuracy }
}
