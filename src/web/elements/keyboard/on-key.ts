/** The `keyCode` of every key that an input method has used. UI Events, "keyCode" of "Legacy Key Attributes". */
const OF_INPUT_METHOD = 229

/**
 * A listener for `keydown` that acts on one key, in the place of what the browser would do. A key that ends the composition of a
 * character is left to the input method: WebKit ends the composition first, and marks the key by its code alone.
 */
export function onKey(key: string, act: (event: KeyboardEvent) => unknown): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== key || event.isComposing || event.keyCode === OF_INPUT_METHOD) return
    event.preventDefault()
    act(event)
  }
}
