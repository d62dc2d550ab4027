/**
 * Who deletes an answer with a file on their phone, or discards one that waits, wants the file gone: it stayed on the disk for
 * `media.keepDays`, and an agent got it again with every message that quoted the answer.
 */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { Turn } from '../../../../src/agents/agent.ts'
import { ALICE, Desk, direct, OWN, textContent } from '../desk.ts'

const CHAT = direct(`${ALICE.slice(1)}@s.whatsapp.net`)

function fileDesk(): { desk: Desk; turns: Turn[]; files: () => string[] } {
  const desk = new Desk()
  desk.conversations.start()
  const turns: Turn[] = []
  desk.agent = {
    async *reply(turn) {
      turns.push(turn)
      yield { type: 'media', kind: 'document', name: 'plan.txt', file: { data: Buffer.from('secret plan') } }
    },
  }
  const directory = join(dirname(desk.path), 'media')
  const files = (): string[] =>
    existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.txt')) : []
  return { desk, turns, files }
}

it('loses the file of an answer that the owner deletes, and hands it to nobody', async () => {
  const { desk, turns, files } = fileDesk()
  desk.receive(ALICE, 'the plan?')
  await desk.until(() => desk.named('message.sent').length === 1)
  const id = desk.transport.sent[0]?.id ?? ''
  const quoted = { id, author: OWN, text: '', what: null }
  desk.receive(ALICE, '', { content: textContent('this one', quoted) })
  await desk.until(() => desk.named('message.sent').length === 2)
  expect(turns[1]?.messages[0]?.quoted?.attachments).toHaveLength(1)
  desk.receive(OWN, '', { chat: CHAT, content: { kind: 'revoke', targetId: id } })
  await desk.until(() => files().length === 1)
  desk.receive(ALICE, '', { content: textContent('and now', quoted) })
  await desk.until(() => turns.length === 3)
  expect(turns[2]?.messages[0]?.quoted?.attachments ?? []).toEqual([])
})

it('loses the file of an answer that is discarded', async () => {
  const { desk, files } = fileDesk()
  desk.setReady(false)
  desk.receive(ALICE, 'the plan?')
  await desk.until(() => desk.named('message.queued').length === 1)
  expect(files()).toHaveLength(1)
  desk.conversations.outbox.discard(String(desk.named('message.queued')[0]?.['messageId']))
  await desk.until(() => files().length === 0)
})
