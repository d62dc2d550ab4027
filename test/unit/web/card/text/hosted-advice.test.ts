/**
 * A person who uses a hosted dashboard read "Run whatsappd import" and "Set whatsappd.allowedOrigins": they have no shell, no config
 * file and no disk.
 */
import { describe, expect, it, test } from 'vitest'
import { CLIENT_ERROR_CODES } from '../../../../../src/client/request-error.ts'
import { SEND_FAILURES } from '../../../../../src/conversations/outbox/send-failures.ts'
import { AGENT_FAILURES } from '../../../../../src/protocol/account/agent-failures.ts'
import { ERRORS } from '../../../../../src/protocol/errors.ts'
import { REASONS } from '../../../../../src/protocol/reasons.ts'
import {
  outcomeOf,
  reachoutLocked,
  RECIPIENT_CHANGED,
} from '../../../../../src/transports/linked-device/outbound/refusals.ts'
import { HOSTED_ADVICE } from '../../../../../src/web/card/text/hosted-advice.ts'
import { words } from '../../../../../src/web/elements/language/words.ts'

/** What nobody can do from a page. */
const OF_THE_MACHINE =
  /whatsappd|dmPolicy|channels\.|config file|\bsetting\b|0[67]00|prox(?:y|ies)\b|\bdisk\b|file system|directory|backup\b(?!\.)|NODE_|restart|start it|clock|certificate|process|connect-src|address|timeoutSeconds|baseUrl|apiKey|historyChars|\blog\b|server|\bstop (?:the|that)\b|check the network/i

/** Some codes of an assistant are also those of an account. */
const ofAssistant = Object.fromEntries(
  Object.entries(AGENT_FAILURES).map(([code, row]) => [`assistant.${code}`, row]),
)
const rows: Record<string, { message: string; action?: string }> = { ...ERRORS, ...REASONS, ...ofAssistant }
const hosted = words<string>(null, HOSTED_ADVICE)

describe.each(Object.entries(rows))('%s', (code, { message, action }) => {
  it('advises a hosted user nothing that needs the machine of the sandbox', () => {
    const [said, advice] = hosted.said({ code, message, action })
    expect(said).toBe(message)
    expect(advice).not.toMatch(OF_THE_MACHINE)
  })
})

test('why a reply failed names no command: "Retry" stands beside it', () => {
  const refusals = [...['463', '475', '479', '400'].map(outcomeOf), reachoutLocked(0), reachoutLocked(null)]
  for (const why of [...refusals, RECIPIENT_CHANGED, ...Object.values(SEND_FAILURES)]) {
    expect('message' in why ? why.message : null).not.toMatch(OF_THE_MACHINE)
    expect(why).toHaveProperty('message')
  }
})

test('a page that cannot connect names nothing of the machine either', () => {
  // The words of these are sentences of the client, made where the failure is found.
  const ownWords = [
    'connection_lost',
    'token_expired',
    'token_withdrawn',
    'token_unavailable',
    'timeout',
    'closed',
  ]
  const advised = CLIENT_ERROR_CODES.filter((code) => code in HOSTED_ADVICE)
  expect([...advised, ...ownWords].sort()).toEqual([...CLIENT_ERROR_CODES].sort())
})

test('there is advice for codes that exist, and for no other', () => {
  const known = new Set<string>([...Object.keys(rows), ...CLIENT_ERROR_CODES])
  expect(Object.keys(HOSTED_ADVICE).filter((code) => !known.has(code))).toEqual([])
})

test('a page may replace it as every other text, or by the code', () => {
  const advice = { storage_full: HOSTED_ADVICE['storage_full'] ?? '' }
  const translated = words<string>({ [advice.storage_full]: 'Frag den Betreiber.' }, advice)
  expect(translated.said({ code: 'storage_full', message: 'Voll.', action: 'x' })).toEqual([
    'Voll.',
    'Frag den Betreiber.',
  ])
  expect(
    words<string>({ 'storage_full.action': 'Warte.' }, advice).said({ code: 'storage_full', message: '' })[1],
  ).toBe('Warte.')
  expect(words<string>(null).said({ code: 'storage_full', message: 'a', action: 'b' })).toEqual(['a', 'b'])
})
