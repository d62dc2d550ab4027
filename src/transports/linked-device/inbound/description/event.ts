import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { joined, line, lineOrNull, textOrNull, words } from '../../../../text/description/part-texts.ts'
import { degreesOf } from '../../../../text/description/place.ts'
import { countOf, timeOf } from './wire-numbers.ts'

export function describeEvent(event: proto.Message.IEventMessage): (ContentPart | null)[] {
  const { name, description, location, startTime, endTime, isCanceled, joinLink } = event
  const isCancelled = isCanceled === true
  const startsAt = timeOf(startTime)
  const what = isCancelled ? '[cancelled event]' : '[event]'
  return [
    words(joined(what, [line(name), startsAt, line(location?.name), line(joinLink)]), {
      type: 'event',
      name: line(name),
      description: textOrNull(description),
      startsAt,
      endsAt: timeOf(endTime),
      isCancelled,
      location: location
        ? {
            ...degreesOf({ latitude: location.degreesLatitude, longitude: location.degreesLongitude }),
            name: lineOrNull(location.name),
            address: lineOrNull(location.address),
          }
        : null,
      url: lineOrNull(joinLink),
    }),
    words(description),
  ]
}

export function describePlannedCall({
  title,
  scheduledTimestampMs,
}: proto.Message.IScheduledCallCreationMessage): (ContentPart | null)[] {
  const at = countOf(scheduledTimestampMs)
  const startsAt = at === null ? null : timeOf(Math.floor(at / 1_000))
  return [
    words(joined('[planned call]', [line(title), startsAt]), {
      type: 'event',
      name: line(title),
      description: null,
      startsAt,
      endsAt: null,
      isCancelled: false,
      location: null,
      url: null,
    }),
  ]
}
