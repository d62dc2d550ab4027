import { execFileSync } from 'node:child_process'
import { afterEach, expect, it } from 'vitest'
import { acknowledgedIds } from '../support/acknowledged-ids.ts'
import { LogLines } from '../support/log-lines.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** What this process may write to files: nothing, from now on, or as much as it likes. The files stay open. */
const allowWrites = (allowed: boolean): void => {
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${allowed ? 'unlimited' : '0'}:unlimited`])
}

const log = new LogLines()
let stack: Stack
afterEach(async () => {
  allowWrites(true)
  await stack.stop()
})

// As a file system does that the kernel sets read-only after an error: what is open stays open, and each write fails.
it('a disk that refuses writes to open files: nothing is acknowledged that is not stored, and it goes on by itself', async () => {
  stack = await Stack.start({ logger: log.logger })
  const acknowledged = acknowledgedIds(stack)
  await stack.link()
  await stack.alice.sendText(OWNER, 'before')
  await stack.alice.waitForText('before')
  await stack.untilEvent('message.delivered')
  const device = stack.owner.companions.map(({ jid }) => jid)

  allowWrites(false)
  const sent: string[] = []
  for (const text of ['one', 'two']) sent.push((await stack.alice.sendText(OWNER, text)).id)
  const { reason } = await stack.untilState('storage_error')
  expect(reason).toMatchObject({ code: 'storage_failed', message: expect.stringContaining('account.db') })
  await expect.poll(() => stack.simulator.connections).toHaveLength(0)
  await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
    code: 'storage_error',
  })
  expect(sent.filter((id) => acknowledged.has(id))).toEqual([])

  allowWrites(true)
  await stack.untilState('connected')
  await stack.alice.waitForText('two')
  expect(stack.alice.received.map(({ text }) => text)).toEqual(['before', 'one', 'two'])
  expect(stack.alice.undecryptable).toEqual([])
  expect(stack.owner.companions.map(({ jid }) => jid)).toEqual(device)
  expect(log.complaints.filter((line) => /not open|is closed/.test(line))).toEqual([])
})
