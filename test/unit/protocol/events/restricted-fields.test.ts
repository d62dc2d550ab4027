import { expect, test } from 'vitest'
import { EVENTS } from '../../../../src/protocol/events.ts'
import type { EventDefinition } from '../../../../src/protocol/events/event.ts'

const restricted = Object.entries<EventDefinition>(EVENTS).flatMap(([name, { restricted: found, payload }]) =>
  found === undefined ? [] : [{ name, field: found.field, payload }],
)

test.each(restricted)(
  '$name is whole without its field $field, which only some see',
  ({ field, payload }) => {
    const { shape } = payload as unknown as { shape: Record<string, { safeParse(value: unknown): unknown }> }
    expect(shape[field]?.safeParse(undefined)).toMatchObject({ success: true })
  },
)
