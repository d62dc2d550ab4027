const MOST = 200

/** Paths that changed, as many as fit beside other things into one frame. */
export function shownChanges(changed: readonly string[]): { changed: string[]; changedTotal: number } {
  return { changed: changed.slice(0, MOST), changedTotal: changed.length }
}
