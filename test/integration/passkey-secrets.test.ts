import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createLogger } from '../../src/observability/log/logger.ts'
import { WireClient } from '../contract/support/wire-client.ts'
import { Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

/** Every file below the state directory, as one text. */
function filesOf(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

// Challenge and answer together link a device; the code tells who else listens.
it('leaves nothing of a ceremony in the log, on the disk, or for a client that comes later', async () => {
  let log = ''
  const logger = createLogger({
    level: 'trace',
    format: 'json',
    destination: { write: (line) => void (log += line) },
  })
  stack = await Stack.start({ logger, timings: { passkey: { proofMs: 0 } } })
  stack.owner.passkeys.create()
  const { qr } = await stack.qr()
  stack.owner.scan(qr).catch(() => {})
  const challenged = await stack.until('the challenge', () =>
    stack.accounts.passkeys().find(({ options }) => options),
  )
  const { ceremonyId, options } = challenged
  const assertion = stack.owner.passkeys.sign()
  const wrong = stack.owner.passkeys.sign({ flags: 0 })
  const answers = [JSON.stringify(wrong), JSON.stringify(assertion)]
  const client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
  await client.authenticate(readFileSync(join(stack.stateDir, 'token'), 'utf8').trim())
  await client.call('accounts.passkey.answer', { ceremonyId, assertion: answers[0] })
  await client.request('accounts.passkey.answer', { ceremonyId, assertion: answers[1] })
  const { code } = await stack.until('the code', () => stack.accounts.passkeys().find((live) => live.code))
  await client.request('accounts.passkey.confirm', { ceremonyId })
  await stack.untilState('connected')
  await client.request('session.subscribe', { since: 0 })
  const replayed = JSON.stringify(client.frames.slice(-1)) + JSON.stringify(client.events)
  client.close()
  await stack.stopDaemon()

  const secrets = [ceremonyId, String(options?.['challenge']), String(code)].concat(
    [assertion, wrong].flatMap(({ rawId, response }) => [
      rawId,
      response.clientDataJSON,
      response.authenticatorData,
      response.signature,
      String(response.userHandle),
    ]),
  )
  expect(log).toContain('linking with a passkey')
  for (const [place, text] of Object.entries({ log, disk: filesOf(stack.stateDir), replayed }))
    expect(
      secrets.filter((secret) => text.includes(secret)),
      place,
    ).toEqual([])
})
