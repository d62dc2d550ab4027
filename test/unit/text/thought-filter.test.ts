import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ThoughtFilter, withoutThoughts } from '../../../src/text/thought-filter.ts'
import { expectLinearGrowth } from '../../support/grows-linearly.ts'

/** What is left of a text in these pieces. */
function filtered(pieces: readonly string[], holdsBack = false): string {
  const filter = new ThoughtFilter({ holdsBack })
  let said = ''
  for (const { text, isRetracted } of [...pieces.map((piece) => filter.push(piece)), filter.end()])
    said = (isRetracted ? '' : said) + text
  return said
}

const THOUGHTS: [name: string, written: (thought: string) => string][] = [
  ['<think>', (thought) => `<think>${thought}</think>`],
  ['<thinking>', (thought) => `<thinking>\n${thought}\n</thinking>`],
  ['<Thought>', (thought) => `<Thought>${thought}</Thought>`],
  ['<reasoning> with attributes', (thought) => `<reasoning effort="high">${thought}</reasoning>`],
  ['<antThinking>', (thought) => `<antThinking>${thought}</antThinking>`],
  ['<seed:think>', (thought) => `<seed:think>${thought}</seed:think>`],
  ['<chain_of_thought>', (thought) => `<chain_of_thought>${thought}</chain_of_thought>`],
  ['<thinking_process>', (thought) => `<thinking_process>${thought}</thinking_process>`],
  ['[THINK]', (thought) => `[THINK]${thought}[/THINK]`],
  ['◁think▷', (thought) => `◁think▷${thought}◁/think▷`],
  ['begin_of_thought', (thought) => `<|begin_of_thought|>${thought}<|end_of_thought|>`],
  ['START_THINKING', (thought) => `<|START_THINKING|>${thought}<|END_THINKING|>`],
  ['details of Open WebUI', (thought) => `<details type="reasoning" done="true">${thought}</details>`],
  ['harmony', (thought) => `<|channel|>analysis<|message|>${thought}<|end|>`],
  ['[TOOL_CALL]', (thought) => `[TOOL_CALL]\n${thought}\n[/TOOL_CALL]`],
  ['[TOOL_REQUEST]', (thought) => `[TOOL_REQUEST]${thought}[END_TOOL_REQUEST]`],
  [
    'calls of DeepSeek',
    (thought) =>
      `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>${thought}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
  ],
  [
    'calls of Kimi',
    (thought) =>
      `<|tool_calls_section_begin|><|tool_call_begin|>f:0${thought}<|tool_call_end|><|tool_calls_section_end|>`,
  ],
  ['<|tool_call|>', (thought) => `<|tool_call|>${thought}<|/tool_call|>`],
  ['START_ACTION', (thought) => `<|START_ACTION|>${thought}<|END_ACTION|>`],
  ['python_tag', (thought) => `<|python_tag|>${thought}<|eom_id|>`],
  ['<function=>', (thought) => `<function=look_up>${thought}</function>`],
  ['<invoke>', (thought) => `<invoke name="look">${thought}</invoke>`],
  ['calls in a namespace', (thought) => `<x:function_calls>${thought}</x:function_calls>`],
  ['two in a row', (thought) => `<think>${thought}</think>\n<think>${thought}</think>`],
  ['one in the other', (thought) => `<think>${thought}<think>${thought}</think>${thought}</think>`],
]
const UNOPENED: [name: string, mark: string][] = [
  ['</think>', '</think>'],
  ['[/THINK]', '[/THINK]'],
  ['◁/think▷', '◁/think▷'],
  ['end_of_thought', '<|end_of_thought|>'],
]
const SECRET = 'SECRET, and so\n\nSECRET again < or > 3'
const ANSWER = 'Yes: 2 < 3, `x` and [a](b).\n\n```py\nprint("<think>kept</think>")\n```\nDone.'

const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 })
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % text.length).toSorted((a, b) => a - b), text.length]
  return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end))
}

describe.each(THOUGHTS)('thoughts in %s', (_name, written) => {
  it.each([
    ['before the answer', (thought: string) => `${thought}\n\n${ANSWER}`],
    ['after a sentence', (thought: string) => `Wait. ${thought} ${ANSWER}`],
    ['between paragraphs', (thought: string) => `Wait.\n\n${thought}\n\n${ANSWER}`],
    ['behind the answer', (thought: string) => `${ANSWER}\n${thought}`],
  ])('%s are taken out at any cut, and the rest is left', (_place, around) => {
    const text = around(written(SECRET))
    const expected = filtered([text])
    expect(expected).not.toContain('SECRET')
    expect(expected).toContain(ANSWER)
    expect(expected.replace(ANSWER, '').trim()).toMatch(/^(Wait\.)?$/)
    fc.assert(
      fc.property(cuts, fc.boolean(), (places, holdsBack) => {
        expect(filtered(cut(text, places), holdsBack)).toBe(expected)
      }),
      { numRuns: 200 },
    )
    expect(filtered(Array.from(text))).toBe(expected)
  })

  it('that nobody closed are left out to the end', () => {
    const whole = written(SECRET)
    const unclosed = whole.slice(0, whole.indexOf('SECRET') + 30)
    expect(filtered(Array.from(`Wait. ${unclosed}`))).toBe('Wait. ')
  })
})

describe.each(UNOPENED)('thoughts that only %s ends', (_name, mark) => {
  const text = `${SECRET}\n${mark}\n\n${ANSWER}`

  it('are taken back at any cut', () => {
    fc.assert(
      fc.property(cuts, fc.boolean(), (places, holdsBack) => {
        expect(filtered(cut(text, places), holdsBack)).toBe(`\n\n${ANSWER}`)
      }),
      { numRuns: 200 },
    )
  })

  it('are never given out while they are held back', () => {
    const filter = new ThoughtFilter({ holdsBack: true })
    const given = Array.from(text, (character) => filter.push(character).text).join('') + filter.end().text
    expect(given).toBe(`\n\n${ANSWER}`)
    expect(filter.wasOpenedInPrompt).toBe(true)
  })
})

describe('a text without thoughts', () => {
  it.each([
    'The tag `<think>` begins a thought, `</think>` ends it.',
    'Use `a <think> tag` there.',
    '```\n<think>\nkept\n</think>\n```\nafter',
    '- an item\n  ~~~xml\n  <thinking>kept</thinking>\n  ~~~\n- next',
    'a < b, [x], [THIN] and a <b>bold</b> word <thin',
    '<details><summary>kept</summary></details>',
    'I think. <thinker> is no tag of these',
    'ends with <',
    'Press [TOOL] and [TOOL_CALLS] is a token',
    '`<|im_end|>` ends it, and ```[TOOL_CALL]``` begins one',
    '[note] word',
    'Use a List<Thought> in Java. Then call add().',
    'class Foo<Reasoning> {}\nclass Bar extends Foo<Reasoning> {}',
    'Opinion: <your_thoughts>\nDate: <date>',
    '[Think] students think alone.\n[Pair] They talk.\n[/Think]',
  ])('stays as it is: %s', (text) => {
    expect(filtered(Array.from(text))).toBe(text)
    expect(filtered([text], true)).toBe(text)
    expect(withoutThoughts(text)).toBe(text)
  })

  it('of any characters stays as it is, at any cut', () => {
    const any = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '\n',
        '`',
        '~',
        '<',
        '>',
        '[',
        '◁',
        '|',
        '/',
        '-',
        'think',
        '<answer>',
        '</answer>',
      ),
    })
    fc.assert(
      fc.property(any, cuts, (text, places) => {
        fc.pre(text !== '')
        expect(filtered(cut(text, places))).toBe(filtered([text]))
      }),
      { numRuns: 1_000 },
    )
  })

  it('is read in a time that grows with its length, however it comes', () =>
    expectLinearGrowth((times) => {
      const text = 'a < b\n`c` [d] <e '.repeat(times)
      filtered([text])
      filtered(text.match(/.{1,7}/gs) ?? [])
    }, 6_000))
})

it.each([
  ['[TOOL_CALLS][{"name": "look", "arguments": {"q": 1}}]\nDone.', 'Done.'],
  ['[TOOL_CALLS]look{"q": 1}\nDone.', 'Done.'],
  ['<|im_start|>assistant\nDone.<|im_end|>', 'Done.'],
  ['<|start_header_id|>assistant<|end_header_id|>\n\nDone.<|eot_id|>', 'Done.'],
  ['<start_of_turn>model\nDone.<end_of_turn>', 'Done.'],
  ['Done.<｜end▁of▁sentence｜>', 'Done.'],
])('takes the tokens of a template out of %j at any cut', (text, expected) => {
  expect(filtered([text])).toBe(expected)
  expect(filtered(Array.from(text))).toBe(expected)
})

it('keeps thoughts back behind the call of a tool', () => {
  expect(filtered(['SECRET [TOOL_CALL]x[/TOOL_CALL] SECRET</think>Answer'], true)).toBe('Answer')
})

it('gives out what comes before a possible mark at once', () => {
  const filter = new ThoughtFilter()
  expect(filter.push('Hello <').text).toBe('Hello ')
  expect(filter.push('b>there').text).toBe('<b>there')
})

it('gives the answer behind the last mark where a thought names the mark itself', () => {
  expect(filtered(['<think>I write <think> to begin</think>The answer'])).toBe('The answer')
})

describe('an opening mark in the middle of a sentence', () => {
  const named = 'To stop it, remove the <think> tag from the template.\n1. open\n2. save'

  it.each([false, true])('is text where nothing closes it (held back: %s)', (holdsBack) => {
    expect(filtered([named], holdsBack)).toBe(named)
    expect(filtered(Array.from(named), holdsBack)).toBe(named)
  })

  it('begins a thought where a word follows at once', () => {
    expect(filtered(['I say <think>SECRET and no end'])).toBe('I say ')
  })

  it('shows nothing of the thoughts that are held back around it', () => {
    const text = 'The user says my <think> is odd. SECRET. </think>Answer'
    expect(filtered([text], true)).toBe('Answer')
    expect(filtered(Array.from(text), true)).toBe('Answer')
    expect(filtered(['my <think> is odd, <think>SECRET</think>Answer'], true)).toBe('Answer')
  })
})

it.each([
  ['Hello. <think>SECRET', true],
  ['Hello. <think>SECRET</think> Bye', false],
  ['Remove the <think> tag', false],
  ['[TOOL_CALLS]look{"q": 1}', false],
])('knows of %j whether it ended inside of a thought: %s', (text, expected) => {
  const filter = new ThoughtFilter()
  filter.push(text)
  filter.end()
  expect(filter.isLeftOpen).toBe(expected)
})

it('leaves room for the words behind a picture in the text', () => {
  const text = `Look: ![a cat](data:image/png;base64,${'QUJD'.repeat(50_000)})\n\nDone.`
  const shown = filtered(text.match(/[^]{1,900}/g) ?? [])
  expect(shown.length).toBeLessThan(2_000)
  expect(shown).toMatch(/\)\n\nDone\.$/)
})

it('leaves out what is held back of an answer that was cut', () => {
  const filter = new ThoughtFilter({ holdsBack: true })
  expect(filter.push('SECRET, and so…').text + filter.end({ isCut: true }).text).toBe('')
})

describe('tags around a whole answer', () => {
  const around = (tag: string, text = ANSWER): string => `<${tag}>\n${text}\n</${tag}>`

  it.each([
    ['<answer>', around('answer')],
    ['<final>', around('final')],
    ['<RESPONSE>', around('RESPONSE')],
    ['<final_answer>', around('final_answer')],
    ['on one line', `<answer> ${ANSWER} </answer>`],
    ['behind thoughts', `<think>SECRET</think>\n\n${around('answer')}\n`],
    ['behind thoughts that only their end shows', `<answer>SECRET</think>${around('answer')}`],
    ['one in the other', around('response', around('answer'))],
    ['that nobody closed', `<response>${ANSWER}`],
  ])('%s go at any cut, and the answer is left', (_name, text) => {
    expect(filtered([text]).trim()).toBe(ANSWER)
    expect(filtered(Array.from(text))).toBe(filtered([text]))
    fc.assert(
      fc.property(cuts, fc.boolean(), (places, holdsBack) => {
        expect(filtered(cut(text, places), holdsBack)).toBe(filtered([text]))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['<answer>one</answer>\n<answer>two</answer>', 'one\ntwo'],
    ['<answer>yes, it is </answer>', 'yes, it is '],
    ['<answer> yes, it is </answer>', 'yes, it is '],
    ['<answer>    yes\n\n- it is\n</answer>', 'yes\n\n- it is\n'],
    ['<answer>\n```\ncode\n```</answer>', '\n```\ncode\n```'],
    ['<answer>\n```\n</answer>\n```\n</answer>', '\n```\n</answer>\n```\n'],
  ])('%j → %j', (text, expected) => {
    expect(filtered([text])).toBe(expected)
    expect(filtered(Array.from(text))).toBe(expected)
  })

  it.each([
    'The model writes <answer>42</answer> at the end.',
    '<answer> is the tag that you need.\n\nMore.',
    '<answer>, <final> and <response> are tags.',
    '`<answer>` is a tag',
    '```xml\n<answer>42</answer>\n```',
    '<Response><Say>Hello</Say></Response>',
    'List<Response> and </answer>',
  ])('are text where an answer speaks of them: %s', (text) => {
    expect(filtered([text])).toBe(text)
    expect(filtered(Array.from(text))).toBe(text)
  })
})

describe('what looks like a fence', () => {
  it.each([
    [
      'and is a code span',
      '```ls``` is a command.\n\n<think>SECRET</think>Done',
      '```ls``` is a command.\n\nDone',
    ],
    ['and is a longer code span', '```a`b``` x\n<think>SECRET</think>Done', '```a`b``` x\nDone'],
    [
      'and does not end one, for it has a language',
      '```sh\na\n```sh\n<think>b</think>\n```\nc<think>SECRET</think>',
      '```sh\na\n```sh\n<think>b</think>\n```\nc',
    ],
  ])('%s', (_name, text, expected) => {
    expect(filtered([text])).toBe(expected)
    expect(filtered(Array.from(text))).toBe(expected)
  })
})
