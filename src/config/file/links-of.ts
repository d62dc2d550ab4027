import { readlinkSync } from 'node:fs'
import { isAbsolute, join, sep } from 'node:path'

/** As many as Linux follows in one path. */
const MAX_LINKS = 40

/** The symbolic links that are followed to reach an absolute path, each with no link before its last part. */
export function linksOf(path: string): string[] {
  const links: string[] = []
  let place: string = sep
  const rest = partsOf(path)
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const next = join(place, part)
    const target = links.length < MAX_LINKS ? targetOf(next) : null
    if (target === null) {
      place = next
      continue
    }
    links.push(next)
    if (isAbsolute(target)) place = sep
    rest.unshift(...partsOf(target))
  }
  return links
}

function partsOf(path: string): string[] {
  return path.split(sep).filter((part) => part !== '')
}

function targetOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
