/** Connects two parts that know each other: the one calls it, the other attaches itself when it is made. */
export class Hook<Value> {
  readonly #listeners: ((value: Value) => void)[] = []

  attach(listener: (value: Value) => void): void {
    this.#listeners.push(listener)
  }

  /** The listeners are called in the order in which they were attached. */
  readonly call = (value: Value): void => {
    for (const listener of this.#listeners) listener(value)
  }
}
