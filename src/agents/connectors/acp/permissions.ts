import { z } from 'zod'
import { isRecord } from '../../../protocol/is-record.ts'
import { describeAction } from './describe-action.ts'

/** The kinds of tool calls that the protocol has; an agent says itself of which kind one is. */
const TOOL_KINDS = [
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
] as const
const MAX_OPTIONS = 50

export const permissionsSchema = z.union([
  z.enum(['reject', 'ask']),
  z.strictObject({
    allow: z.array(z.enum(TOOL_KINDS)),
    otherwise: z.enum(['reject', 'ask']).optional(),
  }),
])

export type Permissions = z.output<typeof permissionsSchema>

/** What the protocol has for an answer to `session/request_permission`. */
export type PermissionOutcome = { outcome: 'cancelled' } | { outcome: 'selected'; optionId: string }

/** Whether an owner is asked at all with these settings. */
export function mayAsk(permissions: Permissions): boolean {
  return permissions === 'ask' || (typeof permissions === 'object' && permissions.otherwise === 'ask')
}

/**
 * Decides about one tool call, of which `toolCall` is everything that was told. `ask` shows the whole action to an owner. What cannot be shown whole is rejected. Only what holds for this one time is ever chosen.
 */
export async function decidePermission(
  permissions: Permissions,
  request: { toolCall: Record<string, unknown>; options: unknown },
  ask: (action: string) => Promise<boolean>,
): Promise<PermissionOutcome> {
  const isAllowed = await isPermitted(permissions, request.toolCall, ask)
  return choose(request.options, isAllowed)
}

async function isPermitted(
  permissions: Permissions,
  toolCall: Record<string, unknown>,
  ask: (action: string) => Promise<boolean>,
): Promise<boolean> {
  const { kind = 'other' } = toolCall
  if (typeof permissions === 'object' && permissions.allow.some((allowed) => allowed === kind)) return true
  if (!mayAsk(permissions)) return false
  const action = describeAction(toolCall)
  return action !== null && (await ask(action))
}

function choose(options: unknown, isAllowed: boolean): PermissionOutcome {
  const offered: readonly unknown[] = Array.isArray(options) ? options.slice(0, MAX_OPTIONS) : []
  const idOf = (kind: string): string | null => {
    const option = offered.find((each) => isRecord(each) && each['kind'] === kind)
    return isRecord(option) && typeof option['optionId'] === 'string' ? option['optionId'] : null
  }
  // Where "this once" is not offered, "always" is not chosen in its place.
  const optionId = (isAllowed ? idOf('allow_once') : null) ?? idOf('reject_once')
  return optionId === null ? { outcome: 'cancelled' } : { outcome: 'selected', optionId }
}
