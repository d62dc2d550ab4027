import { z } from 'zod'
import type { EventDefinition } from './event.ts'

export const SERVER_EVENTS = {
  'server.stopping': {
    payload: z.object({ reason: z.string().describe('Why, such as `shutdown`.') }),
    scope: 'read',
    stored: false,
    summary: 'The daemon is shutting down; reconnect later.',
    since: '1',
  },
} as const satisfies Record<`server.${string}`, EventDefinition>
