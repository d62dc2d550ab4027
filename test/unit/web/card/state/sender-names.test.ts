import { expect, test } from 'vitest'
import { isSenderKnown, mayName, senderChange } from '../../../../../src/web/card/state/sender-names.ts'
import { configView } from '../../../../browser/account-fixture.ts'

const ALICE = '+15555550101'
const BOB = '+15555550102'
const named = { senders: { [ALICE]: { agent: null, name: 'Alice' } } }
const routed = { senders: { [ALICE]: { agent: 'ada', name: 'Alice' } } }
const editable = ['senders']

test.each([
  ['our own file', configView({ senders: {} }, { editable }), true],
  [
    "a file of OpenClaw's, which refuses keys that it does not know",
    configView({ senders: {} }, { editable, tool: 'openclaw' }),
    false,
  ],
  [
    'such a file in which somebody has written names already',
    configView(named, { editable, tool: 'milady' }),
    true,
  ],
  [
    'a daemon that lets no dashboard write names',
    configView({ senders: {} }, { editable: ['allowFrom'] }),
    false,
  ],
  ['an older daemon that says nothing of names', configView({}, { editable }), false],
  ['a token that may not read the config', null, false],
] as const)('names may be written: %s', (_where, config, expected) => {
  expect(mayName(config, 'default')).toBe(expected)
})

test('what is taken away takes the whole entry, unless something else is set in it', () => {
  const [withName, withAgent] = [configView(named), configView(routed)].map(
    ({ accounts }) => accounts['default'],
  )
  expect(senderChange(withName, ALICE, { name: '' })).toEqual({ path: ['senders', ALICE] })
  expect(senderChange(withAgent, ALICE, { name: '' })).toEqual({ path: ['senders', ALICE, 'name'] })
  expect(senderChange(withAgent, ALICE, { agent: '' })).toEqual({ path: ['senders', ALICE, 'agent'] })
  expect(senderChange(withName, ALICE, { agent: 'ada' })).toEqual({
    path: ['senders', ALICE, 'agent'],
    value: 'ada',
  })
})

/** The story: of a long list the daemon sends a part. Who was not in it lost an agent when their name was taken away. */
test('what the daemon has not sent is neither known to be empty nor taken out of the file', () => {
  const part = configView({ ...named, sendersComplete: false }).accounts['default']
  expect(isSenderKnown(part, ALICE)).toBe(true)
  expect(isSenderKnown(part, BOB)).toBe(false)
  expect(isSenderKnown(configView(named).accounts['default'], BOB)).toBe(true)
  expect(senderChange(part, BOB, { name: '' })).toEqual({ path: ['senders', BOB, 'name'] })
  expect(senderChange(part, BOB, { agent: '' })).toEqual({ path: ['senders', BOB, 'agent'] })
})
