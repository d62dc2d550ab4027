/**
 * What a token may do. What each method and event needs is in their tables. `conversations` is for names, texts and files of what people
 * write: no other scope shows them. `metrics` is for `/metrics` alone.
 */
export const SCOPES = [
  'read',
  'link',
  'config',
  'send',
  'agent',
  'conversations',
  'metrics',
  'send:any',
] as const

export type Scope = (typeof SCOPES)[number]

/** What no token has by itself: only one that `whatsappd token --scope` made for it. */
const GIVEN_SINGLY: ReadonlySet<Scope> = new Set<Scope>(['send:any'])

/** What the local token and the page may do, and what a token of a dashboard may carry. */
export const GENERAL_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !GIVEN_SINGLY.has(scope))
