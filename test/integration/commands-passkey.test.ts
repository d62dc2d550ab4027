import { afterEach, expect, it } from 'vitest'
import { RELYING_PARTY } from '../../src/client/passkey/passkey-script.ts'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack, type StackOptions } from '../support/stack.ts'

let stack: Stack
let link: CommandLine
afterEach(async () => {
  await link.end()
  await stack.stop()
})

/** `whatsappd link` in a terminal of 80 columns and 24 rows, up to the demand. */
async function asked(options: StackOptions = {}): Promise<void> {
  stack = await Stack.start(options)
  stack.owner.passkeys.create()
  const size = { columns: 80, rows: 24 }
  link = CommandLine.inTerminal(['link'], { WHATSAPPD_STATE_DIR: stack.stateDir }, size)
  const { qr } = await stack.untilEvent('account.qr')
  stack.owner.scan(qr).catch(() => {
    // The phone gets through, or not: what matters is what the command says.
  })
  await link.waitFor(/Press Enter for the steps/)
  link.type('\r')
  await link.waitFor(/3\. Paste it here/)
}

const answer = (): string => JSON.stringify(stack.owner.passkeys.sign())

it('link leads through the passkey: the script, the answer, which is not shown, and the link', async () => {
  await asked()
  expect(link.stdout).toContain(`"rpId":"${RELYING_PARTY}"`)
  const foreign = JSON.stringify(stack.owner.passkeys.sign({ origin: 'https://evil.example' }))
  link.type(`${foreign}\r`)
  await link.waitFor(/was made on https:\/\/evil\.example: sign on a page of https:\/\/web\.whatsapp\.com/)
  await link.waitFor(/evil[^]*3\. Paste it here/)
  // As a terminal hands on a paste, with more than it takes in a line.
  const text = answer()
  link.type(`\x1b[200~${text}${' '.repeat(5_000)}\x1b[201~\r`)
  expect(await link.exit).toBe(0)
  expect(link.stdout).toMatch(/WhatsApp has the signature/)
  expect(link.stdout).toContain(`default: connected as ${OWNER}`)
  const { response } = JSON.parse(text) as { response: { signature: string } }
  expect(link.stdout).not.toContain(response.signature)
})

it('link asks to compare the codes, and ends with what to do where they differ', async () => {
  await asked({ timings: { passkey: { proofMs: 0 } } })
  link.type(`${answer()}\r`)
  const [, first = '', second = ''] = await link.waitFor(/Here it is: {2}(\w{4})-(\w{4})/)
  expect(stack.accounts.passkeys()).toMatchObject([{ code: first + second }])
  await link.waitFor(/Does the phone show the same code/)
  link.type('no\r')
  expect(await link.exit).toBe(1)
  expect(link.stdout).toContain('The phone showed another code than the one here, so nothing was linked.')
  expect(link.stdout).toContain('Here: whatsappd link')
})

it('link stops asking when the page has answered, and is ended by Ctrl-C', async () => {
  await asked({ timings: { passkey: { proofMs: 0 } } })
  const [live] = stack.accounts.passkeys()
  await stack.accounts.answerPasskey('default', { ceremonyId: live?.ceremonyId ?? '', assertion: answer() })
  await link.waitFor(/Does the phone show the same code/)
  link.type('\x03')
  expect(await link.exit).toBe(130)
  await stack.until('the end', () => stack.account().reason?.code === 'link_cancelled')
})

it.each([
  ['by QR', []],
  ['by code', ['--code', OWNER]],
])('link goes on with a ceremony that has begun elsewhere, in any terminal: %s', async (_name, how) => {
  await asked()
  const [live] = stack.accounts.passkeys()
  const environment = { WHATSAPPD_STATE_DIR: stack.stateDir }
  const piped = await CommandLine.run(['status'], environment)
  expect(piped.stdout).toContain('passkey required')
  const second = CommandLine.inTerminal(['link', ...how], environment, { columns: 200, rows: 60 })
  await second.waitFor(/3\. Paste it here/)
  expect(stack.accounts.passkeys()).toMatchObject([{ ceremonyId: live?.ceremonyId }])
  second.type(`${answer()}\r`)
  expect(await second.exit).toBe(0)
  expect(await link.exit).toBe(0)
})
