import { ConfigDocument, type SourcePosition } from '../document/config-document.ts'
import { firstIndex } from '../../text/first-index.ts'
import { compose } from './compose.ts'
import { type Composition, type SourceFile, visitRegion } from './composition.ts'
import type { ConfigText } from './config-text.ts'
import { placeIn } from './place-in.ts'

/** Where a part of the composed text comes from. */
interface Segment {
  /** In the composed text. */
  start: number
  file: SourceFile
  /** In the file's body. */
  offset: number
  /** Text of our own: all of it is at `offset`. */
  isGlue: boolean
}

/** The config of these files as one document, whose places are those in the files. Throws `ConfigError` as `compose`. */
export function composedDocument(config: ConfigText): ConfigDocument {
  if (config.included === undefined) return new ConfigDocument(config.text)
  const composition = compose(config)
  const segments = segmentsOf(composition)
  return new ConfigDocument(composition.text, {
    config: composition.config,
    composition,
    place: (offset) => placeOf(segments, offset),
  })
}

function segmentsOf({ root }: Composition): readonly Segment[] {
  const segments: Segment[] = []
  let start = 0
  visitRegion(root, {
    slice: (file, [from, to]) => {
      segments.push({ start, file, offset: from, isGlue: false })
      start += to - from
    },
    glue: (text, file, { range }) => {
      segments.push({ start, file, offset: range[0], isGlue: true })
      start += text.length
    },
  })
  return segments
}

function placeOf(segments: readonly Segment[], offset: number): SourcePosition {
  const index = firstIndex(segments.length, (at) => (segments[at]?.start ?? 0) > offset)
  const segment = segments[index - 1]
  if (segment === undefined) return { line: 1, column: 1 }
  const { file, offset: from, start, isGlue } = segment
  return placeIn(file, isGlue ? from : from + offset - start)
}
