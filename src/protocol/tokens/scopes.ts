/** What a token may do. What each method and event needs is in their tables. */
export const SCOPES = ['read', 'link', 'config', 'send', 'agent'] as const

export type Scope = (typeof SCOPES)[number]
