/**
 * Keys of the same section that other tools (OpenClaw, Milady) read and that have no use here: accepted with a notice,
 * so that an existing file works as it is. Their present names and those that they still accept from older files.
 */
export const FOREIGN_KEYS: ReadonlySet<string> = new Set([
  'accessToken',
  'actions',
  'authMethod',
  'blockStreamingCoalesce',
  'businessAccountId',
  'capabilities',
  'contextVisibility',
  'defaultTo',
  'direct',
  'dms',
  'exposeErrorText',
  'healthMonitor',
  'heartbeat',
  'heartbeatVisibility',
  'markdown',
  'mentionPatterns',
  'phoneNumberId',
  'pluginHooks',
  'printQRInTerminal',
  'reactionLevel',
  'replyToMode',
  'streaming',
  'webhookVerifyToken',
])
