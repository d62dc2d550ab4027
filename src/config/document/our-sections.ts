import type { PathSegment } from './json5-tree.ts'

/** The sections that this program reads as a whole; others may hold what they want. `channels.defaults` is OpenClaw's, and restricts ours. */
const SECTIONS = [
  ['channels', 'whatsapp'],
  ['channels', 'defaults'],
  ['connectors', 'whatsapp'],
  ['whatsappd'],
] as const

/** Whether `path` leads to one of our sections or lies in it. */
export function isOurs(path: readonly PathSegment[]): boolean {
  return SECTIONS.some((section) =>
    section.every((name, index) => index >= path.length || path[index] === name),
  )
}
