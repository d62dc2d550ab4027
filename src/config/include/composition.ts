import type { Range } from '../document/json5-tree.ts'
import type { ConfigText } from './config-text.ts'

/** One of the files that a config consists of. */
export interface SourceFile {
  /** Relative to the directory of the config file, which has an empty one itself. */
  name: string
  /** Absolute; empty for the config file. */
  path: string
  text: string
  /** The text without a byte order mark; ranges count in it. */
  body: string
}

/** A part of a file that stands in the composed text as it is, but for its holes. */
export interface Region {
  file: SourceFile
  range: Range
  /** In their order, apart from each other. */
  holes: readonly Hole[]
}

/** An object with `$include`, and what stands in its place. */
export interface Hole {
  /** Of the object, in the file of the region around it. */
  range: Range
  /** One region, or regions of several files with our own text between them. */
  pieces: readonly (string | Region)[]
}

/** A config as one text, in which nothing is included any more. */
export interface Composition {
  root: Region
  /** In place of the files: JSON5 by itself. */
  text: string
  /** The files that it was made of. */
  config: ConfigText
}

/** Called with each part of the composed text, from its beginning to its end. */
export interface CompositionVisitor {
  /** A part of a file. */
  slice(file: SourceFile, range: Range): void
  /** Text of our own, in place of `hole` in `file`. */
  glue(text: string, file: SourceFile, hole: Hole): void
  /** Around everything in the place of a hole, and around a region among several. */
  enter?(part: Hole | Region): void
  leave?(part: Hole | Region): void
}

export function visitRegion({ file, range, holes }: Region, visitor: CompositionVisitor): void {
  let from = range[0]
  for (const hole of holes) {
    visitor.slice(file, [from, hole.range[0]])
    visitor.enter?.(hole)
    for (const piece of hole.pieces) {
      const isOneOfSeveral = hole.pieces.length > 1
      if (typeof piece === 'string') visitor.glue(piece, file, hole)
      else {
        if (isOneOfSeveral) visitor.enter?.(piece)
        visitRegion(piece, visitor)
        if (isOneOfSeveral) visitor.leave?.(piece)
      }
    }
    visitor.leave?.(hole)
    from = hole.range[1]
  }
  visitor.slice(file, [from, range[1]])
}
