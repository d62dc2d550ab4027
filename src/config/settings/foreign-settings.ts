import { z } from 'zod'
import { entryList } from '../read/people/entry-list.ts'
import { coalesceSchema } from './manner-settings.ts'
import { flag, phoneNumber } from './value-schemas.ts'

/** Addresses; of a wrong one remains that somebody is named. */
const addressList = entryList(z.array(phoneNumber), { substitute: '' })

/**
 * Keys of other tools that count: what they restrict is honoured, and what they mean for a reply is done. They are no settings of ours:
 * no dashboard edits them. Sources: OpenClaw's schema of its WhatsApp channel (2026.1 to 2026.9), Milady's and ElizaOS's documents.
 */
export const foreignSettings = {
  /** OpenClaw up to 2026.7 and Milady, instead of `streaming.block.coalesce`. */
  blockStreamingCoalesce: coalesceSchema.optional(),
  /** OpenClaw: which reactions there are; `off` for none. */
  reactionLevel: z.enum(['off', 'ack', 'minimal', 'extensive']).optional(),
  /** OpenClaw: whose words a model may see besides the message; `allowlist` hides what is quoted. */
  contextVisibility: z.enum(['all', 'allowlist', 'allowlist_quote']).optional(),
  /** Milady: no answer to what the account itself writes. */
  ignoreOwnMessages: flag.optional(),
  /** Milady: the only people, and groups, that are heard. */
  allowedJids: addressList.optional(),
  /** Milady: the only groups that are heard. */
  allowedGroups: addressList.optional(),
  /** ElizaOS: what is `cloudApi.<the same name>` in our files. */
  accessToken: z.unknown(),
  phoneNumberId: z.unknown(),
  businessAccountId: z.unknown(),
  apiVersion: z.unknown(),
  /** ElizaOS: `cloudApi.verifyToken`. */
  webhookVerifyToken: z.unknown(),
}
