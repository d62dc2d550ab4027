/**
 * Keys of the same section that other tools (OpenClaw, Milady, ElizaOS) read and that have no use here, with what to use instead: accepted
 * with a notice, so that an existing file works as it is. Their present names and those that they still accept from older files. What
 * restricts anything is not among them: see `settings/foreign-settings.ts`.
 */
export const FOREIGN_KEYS: ReadonlyMap<string, string> = new Map([
  ['actions', ''],
  ['authMethod', 'The key of ours is transport.'],
  ['authState', 'The credentials are kept here in the directory that authDir names.'],
  ['capabilities', ''],
  ['defaultTo', ''],
  ['exposeErrorText', ''],
  ['healthMonitor', ''],
  ['heartbeat', ''],
  ['heartbeatVisibility', ''],
  ['pluginHooks', ''],
  ['printQRInTerminal', ''],
  ['sessionPath', 'The credentials are kept here in the directory that authDir names.'],
])

/** Keys of other tools that are refused, because they say who may write or which assistant answers, with the key of ours that is meant. */
export const OWN_KEYS: ReadonlyMap<string, string> = new Map([
  ['ackEmoji', 'ackReaction.emoji'],
  ['allowAll', 'dmPolicy: "open" with allowFrom: ["*"]'],
  ['allowedNumbers', 'allowFrom'],
  ['allowedUsers', 'allowFrom'],
  ['autoReply', 'enabled'],
  ['blockedJids', 'allowFrom, which names all who may write'],
  ['blockFrom', 'allowFrom, which names all who may write'],
  ['defaultAgentId', 'defaultAgent'],
  ['denyFrom', 'allowFrom, which names all who may write'],
  ['phoneNumber', 'allowFrom; the number of the account itself is known from the link'],
])

/** What other tools call a value of ours, by key. */
const VALUE_NAMES: Readonly<Record<string, ReadonlyMap<unknown, string>>> = {
  transport: new Map([
    ['baileys', 'linked-device'],
    ['cloudapi', 'cloud-api'],
  ]),
}

/** The value of `key` by our name of it. */
export function ownName(key: string, value: unknown): unknown {
  return Object.hasOwn(VALUE_NAMES, key) ? (VALUE_NAMES[key]?.get(value) ?? value) : value
}
