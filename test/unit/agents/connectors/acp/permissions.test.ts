import { describe, expect, it } from 'vitest'
import {
  decidePermission,
  type Permissions,
  permissionsSchema,
} from '../../../../../src/agents/connectors/acp/permissions.ts'

const OPTIONS = ['allow_always', 'allow_once', 'reject_always', 'reject_once'].map((kind) => ({
  optionId: kind,
  name: kind,
  kind,
}))
const READS = { toolCallId: 'c', kind: 'read', title: 'Read the notes' }
const DELETES = { toolCallId: 'c', kind: 'delete', title: 'Delete the notes' }

async function decide(
  permissions: Permissions,
  toolCall: Record<string, unknown>,
  options: unknown = OPTIONS,
  says = true,
): Promise<{ chosen: string; asked: string[] }> {
  const asked: string[] = []
  const outcome = await decidePermission(permissions, { toolCall, options }, async (action) => {
    asked.push(action)
    return says
  })
  return { chosen: outcome.outcome === 'selected' ? outcome.optionId : outcome.outcome, asked }
}

describe('a tool call', () => {
  it.each<{ permissions: Permissions; toolCall: Record<string, unknown>; chosen: string; asks: number }>([
    { permissions: 'reject', toolCall: READS, chosen: 'reject_once', asks: 0 },
    { permissions: { allow: ['read'] }, toolCall: READS, chosen: 'allow_once', asks: 0 },
    { permissions: { allow: ['read'] }, toolCall: DELETES, chosen: 'reject_once', asks: 0 },
    { permissions: { allow: ['other'] }, toolCall: { title: 'Something' }, chosen: 'allow_once', asks: 0 },
    {
      permissions: { allow: ['other'] },
      toolCall: { title: 'New', kind: 'teleport' },
      chosen: 'reject_once',
      asks: 0,
    },
    { permissions: { allow: ['read'], otherwise: 'ask' }, toolCall: DELETES, chosen: 'allow_once', asks: 1 },
    { permissions: { allow: ['read'], otherwise: 'ask' }, toolCall: READS, chosen: 'allow_once', asks: 0 },
    { permissions: 'ask', toolCall: DELETES, chosen: 'allow_once', asks: 1 },
    { permissions: 'ask', toolCall: { kind: 'execute' }, chosen: 'reject_once', asks: 0 },
    {
      permissions: 'ask',
      toolCall: { ...DELETES, rawInput: 'x'.repeat(9_000) },
      chosen: 'reject_once',
      asks: 0,
    },
  ])('with $permissions: $toolCall.kind → $chosen', async ({ permissions, toolCall, chosen, asks }) => {
    const decision = await decide(permissions, toolCall)
    expect([decision.chosen, decision.asked.length]).toEqual([chosen, asks])
  })

  it('is rejected where the owner says no', async () => {
    expect((await decide('ask', DELETES, OPTIONS, false)).chosen).toBe('reject_once')
  })

  it.each([
    { offered: ['allow_always', 'reject_once'], chosen: 'reject_once' },
    { offered: ['allow_always', 'reject_always'], chosen: 'cancelled' },
    { offered: [], chosen: 'cancelled' },
  ])(
    'of which $offered is offered is never decided for longer than this once',
    async ({ offered, chosen }) => {
      const options = OPTIONS.filter(({ kind }) => offered.includes(kind))
      expect((await decide({ allow: ['read'] }, READS, options)).chosen).toBe(chosen)
    },
  )

  it.each([null, 'allow_once', [null, { kind: 'allow_once' }, { kind: 'allow_once', optionId: 7 }]])(
    'with options that cannot be read is cancelled',
    async (options) => {
      expect((await decide({ allow: ['read'] }, READS, options)).chosen).toBe('cancelled')
    },
  )
})

describe('the setting', () => {
  it.each(['allow', { allow: ['everything'] }, { allow: [], more: true }, { otherwise: 'ask' }, {}])(
    'refuses %j',
    (value) => {
      expect(permissionsSchema.safeParse(value).success).toBe(false)
    },
  )
})
