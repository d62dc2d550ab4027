/**
 * Draws the views of an element so that one that throws costs only itself, until it can be drawn again. What it throws is reported to
 * the page's `error` event, once for each failure and not at every redraw.
 */
export class ViewGuard {
  readonly #failing = new Set<unknown>()

  /** What `view` draws; `instead` where it throws. */
  draw<Input, Drawn>(view: (input: Input) => Drawn, input: Input, instead: () => Drawn): Drawn {
    try {
      const drawn = view(input)
      this.#failing.delete(view)
      return drawn
    } catch (error) {
      if (!this.#failing.has(view)) reportError(error)
      this.#failing.add(view)
      return instead()
    }
  }
}
