/** A path as a shell takes it for one word. */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
