import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'
import { webhookIdSchema } from '../webhook-view.ts'
import type { EventDefinition } from './event.ts'

export const WEBHOOK_EVENTS = {
  'webhook.dropped': {
    payload: z.object({
      webhook: webhookIdSchema,
      place: z.string().describe('Where it stands in the config file.'),
      count: z.number().int().positive().describe('Since the last such event of this webhook.'),
      at: timestampSchema.describe('When it was noticed.'),
    }),
    scope: 'config',
    stored: true,
    summary:
      'More events wait for a webhook than are kept: the oldest are dead letters now. Reported at most once a minute.',
    since: '1',
  },
} as const satisfies Record<`webhook.${string}`, EventDefinition>
