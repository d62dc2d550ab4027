import type { foreignSettings } from '../../../config/settings/foreign-settings.ts'

const TEXTS: { [Key in keyof typeof foreignSettings]: string } = {
  blockStreamingCoalesce: 'A key of another tool; it counts as streaming.block.coalesce.',
  reactionLevel: 'A key of OpenClaw; with "off" there is no ackReaction.',
  contextVisibility: 'A key of OpenClaw; with "allowlist" the assistant does not see what a message quotes.',
  ignoreOwnMessages: 'A key of Milady; true counts as selfChatMode: false.',
  allowedJids: 'A key of Milady; it takes away whoever is not named, and allows nobody by itself.',
  allowedGroups: 'A key of Milady; it takes away each group that is not named, and allows none by itself.',
  accessToken: 'A key of ElizaOS; it counts as cloudApi.accessToken.',
  phoneNumberId: 'A key of ElizaOS; it counts as cloudApi.phoneNumberId.',
  businessAccountId: 'A key of ElizaOS; it counts as cloudApi.businessAccountId.',
  apiVersion: 'A key of ElizaOS; it counts as cloudApi.apiVersion.',
  webhookVerifyToken: 'A key of ElizaOS; it counts as cloudApi.verifyToken.',
}

/** Keys of other tools that count here, by name, with what they do. */
export const COUNTED_KEYS: Readonly<Record<string, string>> = TEXTS
