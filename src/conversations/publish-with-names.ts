import type { EventName, EventPayload, EventPublisher } from '../protocol/events.ts'
import type { GroupTitles } from './store/group-titles.ts'

/** Publishes what happens in a group with what the group is called, where that is known. */
export function publishWithNames(
  publish: EventPublisher['publish'],
  titles: Pick<GroupTitles, 'of'>,
): EventPublisher['publish'] {
  return (name, payload) => publish(name, withName(payload, titles))
}

function withName<Payload extends EventPayload<EventName>>(
  payload: Payload,
  titles: Pick<GroupTitles, 'of'>,
): Payload {
  if (!('conversation' in payload) || typeof payload.conversation !== 'string') return payload
  const conversationName = titles.of(payload.conversation)
  // Every event of a conversation may carry its name (`protocol/events/`).
  return conversationName === null ? payload : { ...payload, conversationName }
}
