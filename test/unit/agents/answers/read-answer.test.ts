import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AnswerStep } from '../../../../src/agents/answers/written-steps.ts'
import { readAnswer } from '../../../../src/agents/answers/read-answer.ts'

const whole = (text: string): AnswerStep[] => [
  ...(text === '' ? [] : [{ type: 'delta' as const, text }]),
  { type: 'done' },
]

async function stepsOf(contentType: string | null, body: string, cuts: number[] = []): Promise<AnswerStep[]> {
  const bytes = Buffer.from(body)
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
  const steps: AnswerStep[] = []
  const read = readAnswer({
    contentType,
    bytes: (async function* () {
      yield* pieces
    })(),
  })
  for await (const step of read) steps.push(step)
  return steps
}

const JSON_TYPE = 'application/json; charset=utf-8'

it.each<[what: string, type: string | null, body: string, steps: AnswerStep[]]>([
  ['an object with the text', JSON_TYPE, '{"text":"Hi"}', whole('Hi')],
  ['an agent of n8n', JSON_TYPE, '{"output":"Hi"}', whole('Hi')],
  ['all items of n8n', JSON_TYPE, '[{"output":"Hi"},{"text":"there"}]', whole('Hi\n\nthere')],
  ['Dify', JSON_TYPE, '{"event":"message","answer":"Hi","conversation_id":"x"}', whole('Hi')],
  ['a JSON string', JSON_TYPE, '"Hi"', whole('Hi')],
  ['nothing on purpose', JSON_TYPE, '{"text":""}', whole('')],
  ['an end with the text', JSON_TYPE, '{"type":"done","text":"Hi"}', whole('Hi')],
  ['an end with what is no text', JSON_TYPE, '{"type":"done","text":null}', whole('')],
  ['a list of steps', JSON_TYPE, '[{"type":"delta","text":"Hi"},{"type":"done"}]', whole('Hi')],
  ['a failure', JSON_TYPE, '{"type":"fail","message":"no"}', [{ type: 'fail', message: 'no' }]],
  [
    'a streaming workflow of n8n',
    JSON_TYPE,
    '{"type":"begin","metadata":{}}\n{"type":"item","content":"H"}\n{"type":"item","content":"i"}\n{"type":"end"}\n',
    [{ type: 'delta', text: 'H' }, { type: 'delta', text: 'i' }, { type: 'done' }],
  ],
  ['a text', 'text/plain; charset=utf-8', '{"text":"as it is"}', whole('{"text":"as it is"}')],
  ['Markdown', 'text/markdown', '**Hi**', whole('**Hi**')],
  ['a text without a type', null, 'Hi', whole('Hi')],
  ['JSON without a type', null, '{"text":"Hi"}', whole('Hi')],
  ['no body', null, '', whole('')],
  [
    'lines of JSON',
    'application/x-ndjson',
    '{"type":"delta","text":"H"}\r\n\n{"type":"delta","text":"i"}\n{"type":"done"}',
    [{ type: 'delta', text: 'H' }, { type: 'delta', text: 'i' }, { type: 'done' }],
  ],
  [
    'lines whose end has the last piece',
    'application/x-ndjson',
    '{"type":"delta","text":"H"}\n{"type":"done","text":"i"}\n',
    [{ type: 'delta', text: 'H' }, { type: 'delta', text: 'i' }, { type: 'done' }],
  ],
  [
    'an event stream',
    'text/event-stream',
    'data: {"type":"delta","text":"Hi"}\n\n: still here\n\ndata: [DONE]\n\n',
    whole('Hi'),
  ],
])('reads the answer of %s, however its bytes are cut', async (_what, type, body, steps) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(500), { maxLength: 5 }), async (cuts) => {
      expect(await stepsOf(type, body, cuts)).toEqual(steps)
    }),
    { numRuns: 20 },
  )
})

it.each<[what: string, type: string, body: string, code: string]>([
  ['n8n that answers at once', JSON_TYPE, '{"message":"Workflow was started"}', 'bad_answer'],
  ['Zapier that answers at once', JSON_TYPE, '{"status":"success","id":"1"}', 'bad_answer'],
  ['an empty list', JSON_TYPE, '[]', 'bad_answer'],
  ['an empty object', JSON_TYPE, '{}', 'bad_answer'],
  ['what is no JSON', JSON_TYPE, '{"text":', 'bad_answer'],
  ['a page', 'text/html', '<html>', 'bad_answer'],
  ['a picture', 'image/png', 'x', 'bad_answer'],
  ['too much', 'text/plain', 'x'.repeat(1_048_577), 'bad_answer'],
  ['a line without end', 'application/x-ndjson', 'x'.repeat(25 * 1_048_576), 'bad_answer'],
  ['a step without an end', JSON_TYPE, '{"type":"delta","text":"Hi"}', 'interrupted'],
  [
    'a workflow of n8n without its end',
    JSON_TYPE,
    '{"type":"begin"}\n{"type":"item","content":"H"}',
    'interrupted',
  ],
  ['lines that break off', 'application/x-ndjson', '{"type":"delta","text":"Hi"}\n', 'interrupted'],
])('takes no answer from %s', async (_what, type, body, code) => {
  await expect(stepsOf(type, body)).rejects.toMatchObject({ code })
})
