import type { PathSegment } from './json5-tree.ts'

/** The sections that this program reads; others may hold what they want. */
const SECTIONS = [['channels', 'whatsapp'], ['connectors', 'whatsapp'], ['whatsappd']] as const

/** Whether `path` leads to one of our sections or lies in it. */
export function isOurs(path: readonly PathSegment[]): boolean {
  return SECTIONS.some((section) =>
    section.every((name, index) => index >= path.length || path[index] === name),
  )
}
