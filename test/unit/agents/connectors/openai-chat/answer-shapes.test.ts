// An answer without text was read, "typing…" was shown, and then nothing came and nothing was logged.
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, chunk, completion, outcome, server, sse } from './scripted-answers.ts'

beforeAll(() => server.start())
afterAll(() => server.stop())

/** One message of a model, and what becomes of it: a text, or a failure. */
type Case = [
  name: string,
  message: Record<string, unknown>,
  finish: unknown,
  expected: string | { code: string },
]
const MESSAGES: Case[] = [
  ['a text', { content: 'Hi there' }, 'stop', 'Hi there'],
  [
    'blocks of text (Mistral)',
    {
      content: [
        { type: 'text', text: 'Hi ' },
        { type: 'text', text: 'there' },
      ],
    },
    'stop',
    'Hi there',
  ],
  ['a block of text without a list', { content: { type: 'text', text: 'Hi there' } }, 'stop', 'Hi there'],
  ['strings in a list', { content: ['Hi ', 'there'] }, 'stop', 'Hi there'],
  ['text with a value', { content: [{ type: 'text', text: { value: 'Hi there' } }] }, 'stop', 'Hi there'],
  [
    'thinking blocks before the text',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'SECRET' }] },
        { type: 'text', text: 'Hi there' },
      ],
    },
    'stop',
    'Hi there',
  ],
  [
    'thought parts',
    { content: [{ text: 'SECRET', thought: true }, { text: 'Hi there' }] },
    'stop',
    'Hi there',
  ],
  ['reasoning beside the text', { content: 'Hi there', reasoning_content: 'SECRET' }, 'stop', 'Hi there'],
  ['a refusal', { content: null, refusal: 'I cannot help with that.' }, 'stop', 'I cannot help with that.'],
  ['a refusal as a block', { content: [{ type: 'refusal', refusal: 'I cannot.' }] }, 'stop', 'I cannot.'],
  ['a text that a limit of tokens cut', { content: 'Hi th' }, 'length', 'Hi th…'],
  ['a text that was cut, in Gemini’s words', { content: 'Hi th' }, 'MAX_TOKENS', 'Hi th…'],
  ['a text that a filter cut', { content: 'Hi th' }, 'content_filter', 'Hi th…'],
  ['a text that a broken server cut', { content: 'Hi th' }, 'error', { code: 'interrupted' }],
  [
    'a text that was cut for want of resources',
    { content: 'Hi' },
    'insufficient_system_resource',
    { code: 'interrupted' },
  ],
  ['null', { content: null }, 'stop', { code: 'no_answer' }],
  ['no content at all', {}, 'stop', { code: 'no_answer' }],
  ['an empty text', { content: '' }, 'stop', { code: 'no_answer' }],
  ['blanks', { content: ' \n ' }, 'stop', { code: 'no_answer' }],
  ['an empty list', { content: [] }, 'stop', { code: 'no_answer' }],
  ['only reasoning', { content: '', reasoning_content: 'SECRET' }, 'stop', { code: 'no_answer' }],
  ['only reasoning, in other words', { content: null, reasoning: 'SECRET' }, 'stop', { code: 'no_answer' }],
  [
    'only a thinking block',
    { content: [{ type: 'thinking', thinking: 'SECRET' }] },
    'stop',
    { code: 'no_answer' },
  ],
  [
    'reasoning until the limit',
    { content: '', reasoning_content: 'SECRET' },
    'length',
    { code: 'no_answer' },
  ],
  ['nothing until the limit', { content: '' }, 'length', { code: 'no_answer' }],
  ['a filter’s silence', { content: null }, 'content_filter', { code: 'refused' }],
  ['a filter’s silence, in Gemini’s words', { content: '' }, 'SAFETY', { code: 'refused' }],
  [
    'a call of a tool',
    { content: null, tool_calls: [{ id: '1', type: 'function' }] },
    'tool_calls',
    { code: 'no_answer' },
  ],
  [
    'a call of a tool that says stop',
    { content: '', tool_calls: [{ id: '1' }] },
    'stop',
    { code: 'no_answer' },
  ],
  [
    'a picture',
    { content: [{ type: 'image_url', image_url: { url: 'data:' } }] },
    'stop',
    { code: 'no_answer' },
  ],
]

/** How the same message travels. */
const TRAVELS: [string, (message: Record<string, unknown>, finish: unknown) => string][] = [
  [
    'streamed',
    (message, finish) =>
      sse(chunk({ role: 'assistant', content: '' }), chunk(message), chunk({}, finish), '[DONE]'),
  ],
  ['streamed in one chunk without [DONE]', (message, finish) => sse(chunk(message, finish))],
  [
    'streamed with an empty data line and finish_reason ""',
    (message, finish) =>
      `data:\n\ndata: \n\n${sse(chunk(message, ''), chunk({}, ''), chunk({}, finish), '[DONE]')}`,
  ],
  [
    'as JSON lines',
    (message, finish) =>
      [chunk(message), chunk({}, finish)].map((value) => `${JSON.stringify(value)}\n`).join(''),
  ],
  ['whole', (message, finish) => JSON.stringify(completion(message, finish))],
  [
    'whole, over several lines',
    (message, finish) => `\n${JSON.stringify(completion(message, finish), null, 2)}\n`,
  ],
  ['whole, in a list', (message, finish) => JSON.stringify([completion(message, finish)])],
  ['whole, as one event', (message, finish) => sse(completion(message, finish), '[DONE]')],
  [
    'whole, as one event over several lines',
    (message, finish) =>
      `${JSON.stringify(completion(message, finish), null, 1).replaceAll(/^/gm, 'data: ')}\n\n`,
  ],
]
const LABELS = [
  'application/json',
  'text/event-stream; charset=utf-8',
  'application/x-ndjson',
  'text/plain',
  null,
]

describe.each(MESSAGES)('%s', (_name, message, finish, expected) => {
  it.each(TRAVELS)('%s, under both labels', async (_travel, bodyOf) => {
    for (const label of ['application/json', 'text/event-stream; charset=utf-8']) {
      server.answers = [{ headers: { 'content-type': label }, body: [bodyOf(message, finish)] }]
      const result = await outcome()
      if (typeof expected === 'string') expect(result, label).toEqual({ text: expected })
      else expect(result, label).toMatchObject(expected)
    }
  })
})

describe('further shapes that servers give an answer', () => {
  it.each([
    [
      'delta and message in one chunk',
      sse({ choices: [{ delta: {}, message: { content: 'Hi' }, finish_reason: 'stop' }] }),
    ],
    [
      'an empty message beside a delta',
      sse({ choices: [{ delta: { content: 'Hi' }, message: { content: '' } }] }, '[DONE]'),
    ],
    [
      'the whole answer once more at the end',
      sse(chunk({ content: 'H' }), chunk({ content: 'i' }), completion({ content: 'Hi' })),
    ],
    ['text of older completions', sse({ choices: [{ text: 'Hi', finish_reason: 'stop' }] })],
    [
      'an error of empty fields',
      sse({ ...Object(chunk({ content: 'Hi' }, 'stop')), error: { code: 0, message: '' } }),
    ],
    [
      'usage, a ping and an empty object',
      sse({ type: 'ping' }, chunk({ content: 'Hi' }, 'stop'), { choices: [], usage: {} }, {}, '[DONE]'),
    ],
    [
      'Ollama’s own, whole',
      JSON.stringify({ message: { role: 'assistant', content: 'Hi' }, done: true, done_reason: 'stop' }),
    ],
    [
      'Ollama’s own, a line a piece',
      ['H', 'i', '']
        .map((content, index) => `${JSON.stringify({ message: { content }, done: index === 2 })}\n`)
        .join(''),
    ],
    [
      'a code of success',
      JSON.stringify({ code: 0, message: 'success', ...Object(completion({ content: 'Hi' })) }),
    ],
  ])('%s', async (_name, body) => {
    server.answers = [{ body: [body] }]
    expect(await outcome()).toEqual({ text: 'Hi' })
  })

  it.each([
    [
      'an empty message beside its deltas',
      sse({ choices: [{ delta: { content: 'Hi' }, message: { content: '' } }] }),
    ],
    ['an empty finish_reason', sse(chunk({ content: 'Hi' }, ''))],
    ['lines', `${JSON.stringify({ message: { content: 'Hi' }, done: false })}\n`],
  ])('a stream that ends without a word of it is cut, also with %s', async (_name, body) => {
    server.answers = [{ body: [body] }]
    expect(await outcome()).toMatchObject({ code: 'interrupted' })
  })
})

describe('a body that is no chat completion', () => {
  it.each([
    ['FastAPI without a key', { detail: 'Not authenticated' }, 'unauthorized'],
    ['a gateway without a key', { message: 'Unauthorized', code: 401 }, 'unauthorized'],
    ['an error as a text', { error: 'SECRET failure' }, 'server_error'],
    [
      'an error of vLLM',
      { object: 'error', message: 'SECRET', type: 'BadRequestError', code: 400 },
      'bad_request',
    ],
    [
      'an error in a list (Gemini)',
      [{ error: { code: 400, message: 'SECRET', status: 'INVALID_ARGUMENT' } }],
      'bad_request',
    ],
    [
      'an error of Anthropic',
      { type: 'error', error: { type: 'authentication_error', message: 'SECRET' } },
      'unauthorized',
    ],
    [
      'errors of Cloudflare',
      { success: false, errors: [{ code: 10000, message: 'Authentication error' }] },
      'unauthorized',
    ],
    [
      'an error in a choice',
      { choices: [{ error: { code: 502, message: 'SECRET' }, finish_reason: 'error' }] },
      'server_error',
    ],
    [
      'a model that is not there',
      { error: { message: 'The model SECRET does not exist', code: 'model_not_found' } },
      'not_found',
    ],
    ['no choices', { object: 'chat.completion', choices: [] }, 'no_answer'],
    ['choices of nothing', { choices: [null] }, 'no_answer'],
    ['choices that are null', { choices: null }, 'bad_answer'],
    ['an empty object', {}, 'bad_answer'],
    ['null', null, 'bad_answer'],
    ['a number', 42, 'bad_answer'],
    ['an empty list', [], 'bad_answer'],
    ['Responses', { object: 'response', output: [{ type: 'message', content: [] }] }, 'bad_answer'],
    [
      'Anthropic’s Messages',
      { type: 'message', content: [{ type: 'text', text: 'SECRET' }], stop_reason: 'end_turn' },
      'bad_answer',
    ],
  ])('%s', async (_name, value, code) => {
    for (const body of [
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      sse(value),
      sse(value, '[DONE]'),
    ]) {
      server.answers = [{ body: [body] }]
      expect(await outcome(), body).toMatchObject({ code })
    }
  })

  it.each([
    ['nothing', '', 'bad_answer'],
    ['blanks', '\n\n  ', 'bad_answer'],
    ['only [DONE]', 'data: [DONE]\n\n', 'bad_answer'],
    ['a plain text', 'Ollama is running', 'bad_answer'],
    ['words with a colon', 'internal: SECRET', 'bad_answer'],
    ['HTML', '<!DOCTYPE html><html>SECRET</html>', 'bad_answer'],
    ['HTML after a byte order mark', '\uFEFF\n<html>SECRET</html>', 'bad_answer'],
    ['half of a JSON text', '{"choices":[{"message":{"content":"SECRET', 'interrupted'],
    ['half of a payload', 'data: {"choices":[{"delta":{"content":"SECRET', 'bad_answer'],
    [
      'an error behind a chunk',
      sse(chunk({ role: 'assistant' }), { error: { message: 'SECRET', code: 500 } }),
      'server_error',
    ],
    [
      'an error without data:',
      `${sse(chunk({ role: 'assistant' }))}{"error":{"message":"SECRET","code":500}}\n`,
      'server_error',
    ],
    ['an error as a field', `${sse(chunk({ role: 'assistant' }))}error: SECRET\n\n`, 'server_error'],
    ['an event named error', `event: error\ndata: {"message":"SECRET","code":401}\n\n`, 'unauthorized'],
  ])('%s', async (_name, body, code) => {
    for (const label of LABELS) {
      server.answers = [{ headers: label === null ? {} : { 'content-type': label }, body: [body] }]
      expect(await outcome(), String(label)).toMatchObject({ code })
    }
  })

  it('says so of an HTML page', async () => {
    server.answers = [{ headers: { 'content-type': 'text/html' }, body: ['<html>login</html>'] }]
    expect(await outcome()).toMatchObject({ message: 'the assistant sent an HTML page instead of an answer' })
    server.answers = [
      { status: 403, headers: { 'content-type': 'text/html' }, body: ['<html>SECRET</html>'] },
    ]
    expect(await outcome()).toMatchObject({
      code: 'unauthorized',
      message: 'the assistant answered 403 with an HTML page instead of an answer',
    })
  })
})

it('reads the same answer however its bytes are cut', async () => {
  const text = 'Grüße 👩‍🚀 – 你好'
  const bodies = TRAVELS.map(([, bodyOf]) => Buffer.from(bodyOf({ content: text }, 'stop')))
  const property = fc.asyncProperty(
    fc.constantFrom(...bodies),
    fc.boolean(),
    fc.array(fc.nat(), { maxLength: 6 }),
    async (plain, windows, cuts) => {
      const bytes = windows ? Buffer.from(plain.toString().replaceAll('\n', '\r\n')) : plain
      const places = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length]
      const body = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      server.answers = [{ body }]
      expect(await ask()).toBe(text)
    },
  )
  await fc.assert(property, { numRuns: 150 })
})
