/** Loads pictures when they come into sight, not all those of a conversation. */
export class FilesInSight {
  readonly #load: (mediaId: string) => void
  #observer: IntersectionObserver | null = null
  #seen = new WeakSet<Element>()

  constructor(load: (mediaId: string) => void) {
    this.#load = load
  }

  /** Looks after what is drawn in `root`: each `[data-load]` is a place for the file with that id. */
  follow(root: ParentNode): void {
    for (const place of root.querySelectorAll<HTMLElement>('[data-load]')) {
      if (this.#seen.has(place)) continue
      this.#seen.add(place)
      this.#observer ??= new IntersectionObserver(this.#look, { rootMargin: '200px' })
      this.#observer.observe(place)
    }
  }

  stop(): void {
    this.#observer?.disconnect()
    this.#observer = null
    this.#seen = new WeakSet()
  }

  readonly #look = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue
      const { load } = target.dataset
      if (load !== undefined) this.#load(load)
    }
  }
}
