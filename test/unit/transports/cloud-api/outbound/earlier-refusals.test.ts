import { describe, expect, it } from 'vitest'
import type { ChatReference } from '../../../../../src/messaging/chat-reference.ts'
import { ANNA, BEN, BusinessDesk, NEVER } from '../business-desk.ts'

const direct = (address: string): ChatReference => ({ kind: 'direct', address })

describe('a message to a person, and what Meta refused before or meanwhile', () => {
  it('closes no window that opens while Meta refuses', async () => {
    let now = 1
    const refusals: number[] = []
    const desk = await BusinessDesk.start({
      now: () => now,
      windows: {
        closesAt: () => null,
        freeUntil: () => null,
        refusal: () => null,
        refused: (_address, asOf) => refusals.push(asOf),
      },
    })
    desk.server.answer = () => {
      now = 2
      return { status: 400, json: { error: { code: 131047 } } }
    }
    await desk.transport.send(desk.text('hello'), NEVER)
    expect(refusals).toEqual([1])
  })

  it('is held where the status of an earlier message says that Meta wants none of it', async () => {
    const desk = await BusinessDesk.start()
    for (const code of [null, 131_026, 131_056])
      desk.transport.refusedLater(ANNA, { code, details: 'too many' })
    expect(desk.transport.holdOf(direct(ANNA))).toMatchObject({ scope: 'chat', code: 'pair_rate' })
    expect(desk.transport.holdOf(direct(BEN))).toBeNull()
    desk.transport.refusedLater(ANNA, { code: 131_048, details: 'spam' })
    expect(desk.transport.hold).toMatchObject({ scope: 'account', code: 'account_restricted' })
  })
})
