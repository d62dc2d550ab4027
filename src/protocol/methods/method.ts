import type { z } from 'zod'
import type { Scope } from '../tokens/scopes.ts'

/** What the table says of one method. The handler, the client's types and the documents derive from it. */
export interface MethodDefinition {
  /** Strict: a key that the method does not know is an error. */
  params: z.ZodType
  result: z.ZodType
  /** What the token must carry; `null` needs no scope. */
  scope: Scope | null
  /** The method may be called before `session.authenticate`. */
  beforeAuthentication?: true
  /** Version of the protocol that it came with. */
  since: string
  summary: string
}
