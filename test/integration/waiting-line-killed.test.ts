import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TraceEntry } from '../../src/simulator/simulator.ts'
import { AgentServer } from '../support/agent-server.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { ALICE, OWNER } from '../support/stack.ts'

const LINE = 'One moment, please.'

describe('somebody who waits long reads one line, when the daemon is killed', () => {
  let server: AgentServer
  let daemon: KilledDaemon
  beforeEach(async () => {
    server = await AgentServer.start()
    daemon = await KilledDaemon.start({
      allowFrom: [ALICE],
      waitingLine: { afterSeconds: 1, text: LINE },
      typing: false,
      agents: server.agents('ada'),
      defaultAgent: 'ada',
    })
  })
  afterEach(async () => {
    await daemon.stop()
    await server.stop()
  })

  /** The line on its way out, or what WhatsApp says of it. */
  const isLine = ({ direction, node }: TraceEntry): boolean =>
    direction === 'in' &&
    node.tag === 'message' &&
    [daemon.alice.lid, daemon.alice.jid].includes(node.attrs.to ?? '')
  const isAcknowledged = ({ direction, node }: TraceEntry): boolean =>
    direction === 'out' && node.tag === 'ack' && node.attrs.class === 'message'

  it.each([
    ['when it is out and nothing has confirmed it', isLine],
    ['when WhatsApp has confirmed it', isAcknowledged],
  ])('%s', async (_when, wire) => {
    server.hold()
    const killed = daemon.killedAt({ wire })
    await daemon.alice.sendText(OWNER, 'a hard question')
    await killed
    await daemon.startAgain()
    // Asked again, and waited for longer than the line takes.
    await expect.poll(() => server.asked.length).toBe(2)
    await daemon.alice.waitForText(LINE)
    server.release()
    await daemon.alice.waitForText('ada: a hard question')
    await daemon.alice.sendText(OWNER, 'an easy one')
    await daemon.alice.waitForText('ada: an easy one')
    expect(daemon.alice.received.map(({ text }) => text)).toEqual([
      LINE,
      'ada: a hard question',
      'ada: an easy one',
    ])
  })
})
