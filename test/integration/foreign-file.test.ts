import { afterEach, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

// OpenClaw's users found their prefix for the assistant on the phones of others, and the name of the model never.

let stack: Stack
afterEach(() => stack.stop())

const CHANNEL = {
  contextVisibility: 'all',
  messagePrefix: '[openclaw]',
  responsePrefix: 'auto',
  agents: { ada: { connector: 'echo', name: 'Ada' } },
}

it("an OpenClaw file is answered with OpenClaw's meaning of its prefixes, and is shown as such", async () => {
  stack = await Stack.start({ channel: CHANNEL })
  await stack.link()
  await stack.alice.sendText(OWNER, 'hello')
  // The echo says what the assistant read.
  await stack.alice.waitForText('[Ada] [openclaw] hello')
  const { stdout } = await CommandLine.run(['status'], { WHATSAPPD_STATE_DIR: stack.stateDir })
  expect(stdout).toContain('(read as a file of OpenClaw)')
  expect(stdout).toMatch(/note: channels\.whatsapp\.messagePrefix: As in OpenClaw, the assistant reads it/)
  expect(stdout).toContain(`may talk (allowlist): ${ALICE}`)
})
