/** In which the daemon writes its own sentences into chats; BCP 47. */
export const LANGUAGES = ['en', 'de', 'es', 'pt', 'fr', 'id', 'hi', 'ar'] as const

export type Language = (typeof LANGUAGES)[number]
