import type { z } from 'zod'
import { ACCOUNTS_METHODS } from './methods/accounts.ts'
import { AGENT_METHODS } from './methods/agent.ts'
import { CONFIG_METHODS } from './methods/config.ts'
import type { MethodDefinition } from './methods/method.ts'
import { OUTBOX_METHODS } from './methods/outbox.ts'
import { PAIRING_METHODS } from './methods/pairing.ts'
import { SESSION_METHODS } from './methods/session.ts'

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
