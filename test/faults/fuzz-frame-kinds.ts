import fc, { type Arbitrary } from 'fast-check'
import { METHOD_NAMES } from '../../src/protocol/methods.ts'
import { encodeFrame, OPCODE, type WireFrame } from './fuzz-peer.ts'

/** What a hostile client sends, as bytes. */
export interface HostileFrame {
  bytes: Buffer
  /** Whether it is a whole text message: an authenticated client is owed exactly one answer to it. */
  isMessage: boolean
  /** For the report of a counterexample. */
  what: string
}

const LARGEST_TEXT = 60_000
const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']
const PARAMETERS = [
  'account',
  'allowFrom',
  'enabled',
  'method',
  'phoneNumber',
  'revision',
  'since',
  'token',
  'topics',
]

/** No phone number among them: an authenticated client may well add one. */
const word = fc.oneof(
  fc.constantFrom(
    ...POISON,
    '',
    '*',
    'default',
    'qr',
    'code',
    '../../etc/passwd',
    '\u0000',
    '%s%n',
    '${7*7}',
    '\u202e',
    '+',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 10 }),
  fc.nat(5_000).map((length) => 'x'.repeat(length)),
)

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 1e308, 2 ** 53, -(2 ** 63), 0.1, -1))

const value: Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number,
    word,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...PARAMETERS, ...POISON), word), tie('any'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).any

const member = (key: string, of: Arbitrary<unknown>): Arbitrary<string> =>
  of.map((each) => `${JSON.stringify(key)}:${JSON.stringify(each)}`)

/** What the methods expect, so that some requests get past the schemas. */
const plausible = fc.constantFrom<[string, unknown]>(
  ['account', 'default'],
  ['account', 'second'],
  ['allowFrom', []],
  ['allowFrom', ['*']],
  ['enabled', true],
  ['enabled', false],
  ['method', 'qr'],
  ['revision', 'stale'],
  ['since', 0],
  ['topics', ['accounts']],
)

const parameters = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: plausible },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...PARAMETERS, ...POISON), value) },
    ),
    { maxLength: 4 },
  )
  .map(
    (entries) =>
      `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`).join(',')}}`,
  )

const id = fc.oneof(
  { weight: 5, arbitrary: fc.oneof(fc.nat(1_000), fc.uuid()) },
  { weight: 2, arbitrary: value },
)
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...METHOD_NAMES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...POISON, 'agent.turn', 'server.hello', 'account.qr', 'rpc.discover'),
  },
  { weight: 1, arbitrary: value },
)

/** A request with members of every kind: left out, doubled, poisoned, in any order. */
const request = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constant('"jsonrpc":"2.0"') }, member('jsonrpc', value)),
    fc.oneof({ weight: 9, arbitrary: member('id', id) }, fc.constant('"id":1,"id":2')),
    fc.oneof(
      { weight: 9, arbitrary: member('method', method) },
      member('method', fc.constantFrom(...METHOD_NAMES)),
    ),
    fc.oneof(
      { weight: 8, arbitrary: parameters.map((text) => `"params":${text}`) },
      { weight: 2, arbitrary: member('params', value) },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      member('__proto__', value),
      member('result', value),
      member('error', value),
    ),
  )
  .chain((members) =>
    fc.shuffledSubarray(
      members.filter((each) => each !== ''),
      { minLength: 1 },
    ),
  )
  .map((members) => `{${members.join(',')}}`)

/** Mostly whole: with a member left out most frames would be refused at the door. */
const wholeRequest = fc
  .tuple(fc.constantFrom(...METHOD_NAMES, ...POISON), parameters, id)
  .map(
    ([name, params, own]) =>
      `{"jsonrpc":"2.0","id":${JSON.stringify(own)},"method":"${name}","params":${params}}`,
  )

const damaged = fc
  .tuple(
    wholeRequest,
    fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 32, max: 126 })), { minLength: 1, maxLength: 6 }),
    fc.nat(300),
  )
  .map(([text, flips, end]) => {
    const codes = text.split('')
    for (const [at, code] of flips) if (at < codes.length) codes[at] = String.fromCharCode(code)
    return end % 3 === 0 ? codes.slice(0, end).join('') : codes.join('')
  })

const nested = fc
  .tuple(
    fc.constantFrom(
      '[',
      '{"a":',
      '{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{"a":',
      '[{"params":',
    ),
    fc.nat(1_000),
  )
  .map(([opening, depth]) => opening.repeat(Math.min(depth, Math.floor(LARGEST_TEXT / opening.length))))

const large = fc
  .tuple(
    fc.constantFrom('id', 'method', 'params', 'token'),
    fc.integer({ min: 9_000, max: LARGEST_TEXT - 200 }),
  )
  .map(([key, length]) => `{"jsonrpc":"2.0","id":1,"method":"session.ping","${key}":"${'y'.repeat(length)}"}`)

const text = fc.oneof(
  { weight: 10, arbitrary: wholeRequest },
  { weight: 10, arbitrary: request },
  { weight: 6, arbitrary: damaged },
  { weight: 3, arbitrary: value.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: fc.array(request, { maxLength: 5 }).map((all) => `[${all.join(',')}]`) },
  { weight: 2, arbitrary: word },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: large },
)

const isSmall = (each: string): boolean => Buffer.byteLength(each) <= LARGEST_TEXT

/** Whole text messages: in one frame, or in pieces with a ping between them. */
export const hostileMessage: Arbitrary<HostileFrame> = fc
  .tuple(
    text.filter(isSmall),
    fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 })),
  )
  .map(([each, pieces]) => ({
    bytes: inPieces(Buffer.from(each), pieces),
    isMessage: true,
    what: `${pieces}: ${each.slice(0, 500)}`,
  }))

function inPieces(payload: Buffer, pieces: number): Buffer {
  const size = Math.ceil(payload.length / pieces) || 1
  const frames = Array.from({ length: pieces }, (_, index): WireFrame => ({
    opcode: index === 0 ? OPCODE.text : OPCODE.continuation,
    payload: payload.subarray(index * size, (index + 1) * size),
    fin: index === pieces - 1,
  }))
  const ping = encodeFrame({ opcode: OPCODE.ping, payload: Buffer.from('?') })
  return Buffer.concat(
    frames.flatMap((frame, index) => (index === 0 ? [] : [ping]).concat(encodeFrame(frame))),
  )
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each))

const wireFrame: Arbitrary<WireFrame> = fc.oneof(
  bytes.map((payload) => ({ opcode: OPCODE.binary, payload })),
  bytes.map((payload) => ({
    opcode: OPCODE.text,
    payload: Buffer.concat([payload, Buffer.from([0xc3, 0x28])]),
  })),
  fc
    .tuple(bytes, fc.integer({ min: 1, max: 7 }))
    .map(([payload, reserved]) => ({ opcode: OPCODE.text, payload, reserved })),
  fc
    .tuple(bytes, fc.constantFrom(3, 4, 5, 6, 7, 11, 12, 15))
    .map(([payload, opcode]) => ({ opcode, payload })),
  bytes.map((payload) => ({ opcode: OPCODE.text, payload, masked: false })),
  bytes.map((payload) => ({ opcode: OPCODE.continuation, payload })),
  bytes.map((payload) => ({ opcode: OPCODE.ping, payload, fin: false })),
  bytes.map((payload) => ({ opcode: OPCODE.ping, payload: Buffer.concat([payload, Buffer.alloc(126)]) })),
  bytes.map((payload) => ({ opcode: OPCODE.close, payload })),
  fc
    .constantFrom(2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 65_537n)
    .map((claimedLength) => ({ opcode: OPCODE.text, payload: Buffer.alloc(10), claimedLength })),
  fc
    .integer({ min: 66_000, max: 300_000 })
    .map((length) => ({ opcode: OPCODE.text, payload: Buffer.alloc(length, 0x20) })),
)

/** Frames that the protocol forbids, frames that are too big, and plain noise; the server has to hang up on each. */
export const forbiddenFrame: Arbitrary<HostileFrame> = fc.oneof(
  {
    weight: 9,
    arbitrary: wireFrame.map((frame) => ({
      bytes: encodeFrame(frame),
      isMessage: false,
      what: `opcode ${frame.opcode}`,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 20, maxLength: 200 }).map((noise) => ({
      bytes: Buffer.concat([Buffer.from([0x70]), noise]),
      isMessage: false,
      what: 'noise',
    })),
  },
)
