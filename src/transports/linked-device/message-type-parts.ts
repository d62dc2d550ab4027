/**
 * What loads WhatsApp's message types, part by part; all have to be loaded before Baileys. The build puts them here
 * (`src/tools/message-types.mjs`); in the sources they are one file, which Baileys loads itself.
 */
export const messageTypeParts: readonly (() => Promise<unknown>)[] = []
