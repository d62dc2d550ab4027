import type { z } from 'zod'
import { ACCOUNTS_METHODS } from './methods/accounts.ts'
import { AGENT_METHODS } from './methods/agent.ts'
import { AGENTS_METHODS } from './methods/agents.ts'
import { CONFIG_METHODS } from './methods/config.ts'
import { MESSAGES_METHODS } from './methods/messages.ts'
import { CONVERSATIONS_METHODS } from './methods/conversations.ts'
import type { MethodDefinition } from './methods/method.ts'
import { OUTBOX_METHODS } from './methods/outbox.ts'
import { PEOPLE_METHODS } from './methods/people.ts'
import { PAIRING_METHODS } from './methods/pairing.ts'
import { SESSION_METHODS } from './methods/session.ts'
import { TEMPLATES_METHODS } from './methods/templates.ts'
import { USAGE_METHODS } from './methods/usage.ts'
import { WEBHOOKS_METHODS } from './methods/webhooks.ts'

/**
 * Every method of the control plane, by namespace one file in `methods/`. Handlers, client types, `docs/protocol.md` and
 * `docs/openrpc.json` derive from this table.
 */
export const METHODS = {
  ...SESSION_METHODS,
  ...ACCOUNTS_METHODS,
  ...CONFIG_METHODS,
  ...OUTBOX_METHODS,
  ...AGENT_METHODS,
  ...PAIRING_METHODS,
  ...PEOPLE_METHODS,
  ...MESSAGES_METHODS,
  ...TEMPLATES_METHODS,
  ...WEBHOOKS_METHODS,
  ...CONVERSATIONS_METHODS,
  ...USAGE_METHODS,
  ...AGENTS_METHODS,
} as const

/** The row of one method. */
export function methodDefinition(name: MethodName): MethodDefinition {
  return METHODS[name]
}

export type MethodName = keyof typeof METHODS
export const METHOD_NAMES = Object.keys(METHODS) as [MethodName, ...MethodName[]]

/** What a caller sends (defaults may be left out). */
export type MethodParams<Name extends MethodName> = z.input<(typeof METHODS)[Name]['params']>
/** What a handler receives after parsing. */
export type ParsedParams<Name extends MethodName> = z.output<(typeof METHODS)[Name]['params']>
export type MethodResult<Name extends MethodName> = z.output<(typeof METHODS)[Name]['result']>
