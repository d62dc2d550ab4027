import { expect, test } from 'vitest'
import { onKey } from '../../../../../src/web/elements/keyboard/on-key.ts'

/** Browsers alone make real ones. */
function keydown(facts: Partial<KeyboardEvent>): KeyboardEvent {
  const event: object = Object.assign(new Event('keydown', { cancelable: true }), facts)
  // It has what is read of one.
  return event as KeyboardEvent
}

/** The story: Enter, which took a suggestion of a Japanese input method in Safari, sent the form. */
test.each([
  ['pressed by the person', { key: 'Enter', isComposing: false, keyCode: 13 }, true],
  ['another key', { key: 'Escape', isComposing: false, keyCode: 27 }, false],
  ['while characters are composed', { key: 'Enter', isComposing: true, keyCode: 229 }, false],
  ['at the end of it, as WebKit tells it', { key: 'Enter', isComposing: false, keyCode: 229 }, false],
])('Enter: %s', (_name, facts, isTaken) => {
  let count = 0
  const event = keydown(facts)
  onKey('Enter', () => count++)(event)
  expect(count).toBe(isTaken ? 1 : 0)
  expect(event.defaultPrevented).toBe(isTaken)
})
