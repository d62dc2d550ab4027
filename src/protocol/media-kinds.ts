/** What a file of a message is shown as. Without a schema: the command line names them at its start. */
export const MEDIA_KINDS = ['image', 'voice', 'audio', 'video', 'document', 'sticker'] as const

export type MediaKind = (typeof MEDIA_KINDS)[number]
