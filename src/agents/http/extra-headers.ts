import { z } from 'zod'
import type { SecretReference } from '../../config/model.ts'
import { secretSchema } from '../../config/settings/secret-schema.ts'
import { AgentError } from '../agent-error.ts'
import type { ConnectorContext } from '../connector.ts'

const MAX_HEADERS = 20
const MAX_NAME_LENGTH = 100
/** RFC 9110, 5.6.2. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/
/** RFC 9110, 5.5, without what would begin another line. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** They belong to one connection, say where the message ends, or are ours. */
const RESERVED =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|content-(?:length|type|encoding)|accept|proxy-.*)$/i

const nameSchema = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(NAME, { error: 'Must be the name of a header: letters, digits and hyphens' })
  .refine((name) => !RESERVED.test(name), {
    error: 'This header is set by the daemon or belongs to the connection',
  })

/** Headers by name; each value a secret, by reference or as a text. */
export const extraHeadersSchema = z
  .record(nameSchema, secretSchema)
  .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, {
    error: `At most ${MAX_HEADERS} headers`,
  })
  .refine((headers) => new Set(Object.keys(headers).map(lowerCase)).size === Object.keys(headers).length, {
    error: 'A header is named twice: upper and lower case are the same',
  })

/** The headers with their values as they are now. Throws `AgentError` (`misconfigured`) that names the setting and no value. */
export function readHeaders(
  headers: Readonly<Record<string, SecretReference>>,
  { id, readSecret }: Pick<ConnectorContext, 'id' | 'readSecret'>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, reference]) => {
      const value = readSecret(reference, `headers.${name}`).trim()
      if (VALUE.test(value)) return [name.toLowerCase(), value]
      throw new AgentError('misconfigured', `a header of agent "${id}" holds what no header can hold`, {
        action: `Check agents.${id}.headers.${name}: one line of Latin characters.`,
      })
    }),
  )
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
