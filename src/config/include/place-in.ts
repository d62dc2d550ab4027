import type { SourcePosition } from '../document/config-document.ts'
import type { SourceFile } from './composition.ts'

const lineStarts = new WeakMap<SourceFile, readonly number[]>()

/** The place of the character at `offset` of a file; with the file's name, but for the config file itself. */
export function placeIn(file: SourceFile, offset: number): SourcePosition {
  const starts = lineStarts.get(file) ?? [0, ...[...file.body.matchAll(/\n/g)].map(({ index }) => index + 1)]
  lineStarts.set(file, starts)
  const line = starts.findLastIndex((start) => start <= offset) + 1
  const column = offset - (starts[line - 1] ?? 0) + 1
  return { line, column, ...(file.name !== '' && { file: file.name }) }
}
