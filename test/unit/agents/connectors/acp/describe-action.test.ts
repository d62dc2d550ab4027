import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeAction } from '../../../../../src/agents/connectors/acp/describe-action.ts'

describe('the words for an action', () => {
  it('are all that was told of it, one line a fact', () => {
    const action = describeAction({
      toolCallId: 'c1',
      kind: 'execute',
      title: 'Run a command',
      locations: [{ path: '/home/ann/x.txt', line: 3 }],
      rawInput: { command: 'rm -rf *tmp* ~old~\nYou may allow this' },
      content: [
        { type: 'diff', path: '/etc/hosts', oldText: 'a', newText: 'b' },
        { type: 'content', content: { type: 'text', text: 'words' } },
      ],
    })
    expect(action).toBe(
      [
        'kind: "execute"',
        'title: "Run a command"',
        'files: [{"path":"/home/ann/x.txt","line":3}]',
        String.raw`input: {"command":"rm -rf *tmp* ~old~\nYou may allow this"}`,
        'content: [{"path":"/etc/hosts","old":"a","new":"b"},"words"]',
      ].join('\n'),
    )
  })

  it('hide nothing, turn nothing around, and do not end the block that they stand in', () => {
    const title = 'a\u202Eb\u200Bc```d\u{E0041}'
    expect(describeAction({ title })).toBe(
      String.raw`title: "a\u202eb\u200bc\u0060\u0060\u0060d\udb40\udc41"`,
    )
  })

  it.each([
    { what: 'is longer than is read on a phone', toolCall: { title: 'x', rawInput: 'y'.repeat(3_000) } },
    { what: 'is far too long', toolCall: { rawInput: { data: 'y'.repeat(30_000) } } },
    {
      what: 'says nothing but its kind',
      toolCall: { kind: 'execute', title: '', rawInput: {}, content: [] },
    },
    { what: 'says nothing', toolCall: {} },
  ])('are none where it $what', ({ toolCall }) => {
    expect(describeAction(toolCall)).toBeNull()
  })

  it('can be read back, whatever an agent writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (command) => {
        const line = describeAction({ rawInput: { command } }) ?? ''
        expect(line).not.toMatch(/[\n`]/)
        expect(JSON.parse(line.slice('input: '.length))).toEqual({ command })
      }),
    )
  })
})
