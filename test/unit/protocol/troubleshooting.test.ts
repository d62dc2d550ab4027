import { MESSAGE_EVENTS } from '../../../src/protocol/events/message.ts'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CLIENT_ERROR_CODES } from '../../../src/client/request-error.ts'
import { NOTICE_CODES, PROBLEM_CODES } from '../../../src/config/problems/problem-codes.ts'
import { SEND_FAILURES } from '../../../src/conversations/outbox/send-failures.ts'
import { AGENT_FAILURE_CODES } from '../../../src/protocol/account/agent-failures.ts'
import { ERROR_CODES } from '../../../src/protocol/errors.ts'
import { REASON_CODES } from '../../../src/protocol/reasons.ts'
import { INVALID_TOKEN_CAUSES, TOKEN_REFUSALS } from '../../../src/protocol/tokens/token-refusals.ts'
import { UPLOAD_REFUSALS } from '../../../src/transports/linked-device/media/upload-for-message.ts'
import { outcomeOf } from '../../../src/transports/linked-device/outbound/refusals.ts'

const text = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8')
const mentioned = new Set([...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code]) => code))

/** Happy or self-explaining: nobody looks these up. */
const NO_SYMPTOM = new Set([
  'not_linked',
  'link_cancelled',
  'disconnected_by_user',
  'disconnected_locally',
  'scan_to_link',
  'enter_code_to_link',
  'confirming_link',
  'passkey_sent',
  'passkey_code',
  'starting',
  'shutting_down',
  'client_rejected',
  'config_invalid',
  'storage_failed',
])

it('explains every reason that a person may meet as a symptom', () => {
  expect(REASON_CODES.filter((code) => !NO_SYMPTOM.has(code) && !mentioned.has(code))).toEqual([])
})

it('explains every failure of an assistant', () => {
  expect(AGENT_FAILURE_CODES.filter((code) => !text.includes(`\n| \`${code}\` |`))).toEqual([])
})

it('names only codes that exist', () => {
  const known = new Set<string>([
    ...REASON_CODES,
    ...ERROR_CODES,
    ...AGENT_FAILURE_CODES,
    'num_ctx',
    ...Object.keys({ ...PROBLEM_CODES, ...NOTICE_CODES }),
    ...Object.values(SEND_FAILURES).map(({ code }) => code),
    ...Object.keys(UPLOAD_REFUSALS),
    ...CLIENT_ERROR_CODES,
    ...Object.keys({ ...TOKEN_REFUSALS, ...INVALID_TOKEN_CAUSES }),
    ...MESSAGE_EVENTS['message.blocked'].payload.shape.reason.options,
    ...['463', '475', '479', '400'].map((error) => {
      const outcome = outcomeOf(error)
      return outcome.outcome === 'refused' ? outcome.code : ''
    }),
    ...MESSAGE_EVENTS['message.skipped'].payload.shape.reason.options,
  ])
  expect([...mentioned].filter((code) => code !== undefined && !known.has(code))).toEqual([])
})
