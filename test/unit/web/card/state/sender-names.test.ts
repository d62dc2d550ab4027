import { expect, test } from 'vitest'
import { mayName, senderChange } from '../../../../../src/web/card/state/sender-names.ts'
import { configView } from '../../../../browser/account-fixture.ts'

const ALICE = '+15555550101'
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
