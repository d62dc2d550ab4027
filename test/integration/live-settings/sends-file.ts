import { randomBytes, randomUUID } from 'node:crypto'
import { OWNER } from '../../support/stack.ts'
import type { Scene } from './scene.ts'

/** Whether Alice gets a file of so many bytes from the assistant, which is that of `mirror-agent.ts`. */
export async function sendsFile(
  { family, stack: { alice } }: Scene,
  size: number,
  { group = false } = {},
): Promise<boolean> {
  const mark = alice.received.length
  const end = randomUUID()
  const data = randomBytes(size).toString('base64')
  const steps = [
    { type: 'media', kind: 'document', data, name: 'plan.bin' },
    { type: 'delta', text: end },
  ]
  const question = `send: ${JSON.stringify(steps)}`
  if (group) await alice.sendGroupText(family, question, { mention: OWNER })
  else await alice.sendText(OWNER, question)
  await alice.waitForText(end)
  return alice.received.slice(mark).some(({ from, media }) => from === OWNER && media !== undefined)
}
