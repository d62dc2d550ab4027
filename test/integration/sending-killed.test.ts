import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { TraceEntry } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { OWNER } from '../support/stack.ts'

/** People to whom nothing was ever sent: WhatsApp is asked about each of them first. */
const NUMBERS = ['+15550000010', '+15550000011', '+15550000012', '+15550000013']

let daemon: KilledDaemon
const phones = new Map<string, SimulatedPhone>()
beforeAll(async () => {
  daemon = await KilledDaemon.start({ allowFrom: NUMBERS })
  for (const phoneNumber of NUMBERS)
    phones.set(phoneNumber, daemon.simulator.createPhone({ phoneNumber, name: 'Somebody' }))
})
afterAll(() => daemon.stop())

let index = 0

const asks = (protocol: string): ((entry: TraceEntry) => boolean) => {
  return ({ direction, node }) =>
    direction === 'in' && node.attrs.xmlns === 'usync' && JSON.stringify(node).includes(`"${protocol}"`)
}
const isMessage = ({ direction, node }: TraceEntry): boolean => direction === 'in' && node.tag === 'message'
const isConfirmed = ({ direction, node }: TraceEntry): boolean =>
  direction === 'out' && node.tag === 'ack' && node.attrs.class === 'message'

describe('a message that is sent arrives once when the daemon is killed, and its sender asks again', () => {
  it.each([
    ['before it is stored', asks('contact')],
    ['when it is stored and has not left', asks('devices')],
    ['when it has left and nothing has confirmed it', isMessage],
    ['when WhatsApp has confirmed it', isConfirmed],
  ])('%s', async (when, wire) => {
    const [to = '', phone] = [...phones].at(index) ?? []
    index += 1
    const send = (): Promise<{ code: number | null; stdout: string; stderr: string }> =>
      CommandLine.run(['send', to, when, '--id', when, '--wait', 'sent'], daemon.environment)
    const killed = daemon.killedAt({ wire })
    const first = send()
    await killed
    expect((await first).code).not.toBe(0)
    await daemon.startAgain()
    expect(await send()).toMatchObject({ code: 0, stderr: '' })
    await phone?.waitForText(when)
    // What follows it in its conversation comes behind everything that is still on its way.
    await CommandLine.run(['send', to, 'and then', '--wait', 'sent'], daemon.environment)
    await phone?.waitForText('and then')
    expect(phone?.received.map(({ from, text }) => [from, text])).toEqual([
      [OWNER, when],
      [OWNER, 'and then'],
    ])
  })
})
