/** By the environment of a parse, its sources, and what is looked for. */
const known = new WeakMap<object, Map<string, Map<string, number>>>()

/**
 * Where `part` is the last time in the source that is parsed, or -1. Found once a source: a search at each mark without an end would
 * take the square of the text's length. `</` and a name are found in capitals, too; give the name in small letters.
 */
export function lastIndexIn({ src, env }: { src: string; env: object }, part: string): number {
  const sources = known.get(env) ?? new Map<string, Map<string, number>>()
  known.set(env, sources)
  const positions = sources.get(src) ?? new Map<string, number>()
  sources.set(src, positions)
  const found = positions.get(part) ?? find(src, part)
  positions.set(part, found)
  return found
}

function find(source: string, part: string): number {
  if (!part.startsWith('</')) return source.lastIndexOf(part)
  return source.replaceAll(/<\/[A-Za-z]+/g, (end) => end.toLowerCase()).lastIndexOf(part)
}
