/**
 * A listener for `keydown` that acts on one key, in the place of what the browser would do. A key that ends the composition of a
 * character is left to the input method.
 */
export function onKey(key: string, act: (event: KeyboardEvent) => unknown): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== key || event.isComposing) return
    event.preventDefault()
    act(event)
  }
}
