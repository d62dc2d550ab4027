import { expect, it } from 'vitest'
import type { Requester } from '../../../../src/conversations/sending/send-request.ts'
import { ALICE, BOB, Desk } from '../desk.ts'

const OWNER: Requester = { author: 'owner', by: 'api', mayForce: false }
const ASSISTANT: Requester = { author: 'assistant', by: 'api', mayForce: false }

type Change = (desk: Desk) => unknown

it.each<[string, Change, Requester, string]>([
  ['taken over', (desk) => desk.conversations.takeover.takeOver(ALICE, 'dashboard'), ASSISTANT, 'discarded'],
  ['off the list', (desk) => desk.allow(BOB), OWNER, 'failed'],
])(
  'is nobody whose chat is %s while the message is on its way out',
  async (_what, change, requester, state) => {
    const desk = new Desk({})
    desk.conversations.start()
    let proceed = (): void => undefined
    desk.transport.preparing = () => new Promise<void>((resolve) => (proceed = resolve))
    const { messageId } = await desk.conversations.sending.send({ to: ALICE, text: 'hi' }, requester)
    await desk.settle()
    change(desk)
    desk.transport.preparing = () => undefined
    proceed()
    const stateOf = (): string => desk.conversations.sending.get(messageId).state
    await desk.until(() => stateOf() !== 'queued')
    expect([desk.transport.texts(), stateOf()]).toEqual([[], state])
  },
)
