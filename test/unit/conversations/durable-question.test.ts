import { DatabaseSync } from '@photostructure/sqlite'
import { expect, it } from 'vitest'
import type { Turn } from '../../../src/agents/agent.ts'
import { ALICE, Desk } from './desk.ts'

// An assistant acts on what it is asked. A crash that forgets the question would have it asked, and acted upon, again
// under another turn.
it('an assistant is asked nothing that is not on disk', async () => {
  const desk = new Desk({}, undefined, { delayMs: 60_000, failed: () => {} })
  const onDisk: unknown[] = []
  desk.agent = {
    async *reply({ id }: Turn) {
      // What another connection sees is what a crash at this moment would leave.
      const disk = new DatabaseSync(desk.path, { readOnly: true })
      onDisk.push(
        disk
          .prepare('SELECT text, turns.state FROM inbox JOIN turns ON turns.id = turn WHERE turn = ?')
          .get(id),
      )
      disk.close()
      yield await Promise.resolve({ type: 'delta' as const, text: 'done' })
    },
  }
  desk.conversations.start()
  desk.receive(ALICE, 'pay the bill')
  await desk.until(() => desk.transport.sent.length === 1)
  expect(onDisk).toMatchObject([{ text: 'pay the bill', state: 'open' }])
})
