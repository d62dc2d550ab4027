import { randomBytes } from 'node:crypto'
import { ConfigDocument } from '../document/config-document.ts'
import { json5ValueEnd } from '../document/json5-reader.ts'
import type { Range } from '../document/json5-tree.ts'
import { splice } from '../document/text-lines.ts'
import { type Composition, type Hole, type Region, type SourceFile, visitRegion } from './composition.ts'

/** A part of a file with its new text. */
interface Change {
  range: Range
  text: string
}

/** The edit touches what is of no single file. */
export class NoSingleFile extends Error {
  /** Names of the files, the empty one for the config file itself. */
  readonly files: readonly string[]

  constructor(files: Iterable<string>) {
    super('the edit belongs to no single file')
    this.files = [...new Set(files)]
  }
}

/**
 * A composed config as a text that can be edited, and taken apart again: a comment marks where the part of each file begins and ends. What
 * is edited between the two belongs to that file; all else of every file stays byte for byte.
 */
export class EditableComposition {
  /** With the marks. */
  readonly document: ConfigDocument
  readonly #composition: Composition
  // Who edits the text must not be able to guess it: what they write would be taken for a mark.
  readonly #secret = randomBytes(12).toString('hex')
  readonly #ids = new Map<Hole | Region, number>()

  constructor(composition: Composition) {
    this.#composition = composition
    const parts: string[] = []
    visitRegion(composition.root, {
      slice: ({ body }, [from, to]) => parts.push(body.slice(from, to)),
      glue: (text) => parts.push(text),
      enter: (part) => parts.push(this.#mark(part, 'begin')),
      leave: (part) => parts.push(this.#mark(part, 'end')),
    })
    const marks = new RegExp(`/\\*(begin|end) ${this.#secret} \\d+\\*/`, 'g')
    this.document = new ConfigDocument(parts.join(''), null, marks)
  }

  /** The one file that the edited text changes, with its new text. Throws `NoSingleFile`. */
  changedFile(edited: ConfigDocument): { file: SourceFile; text: string } {
    const changes = new Map<SourceFile, Change[]>()
    const { root } = this.#composition
    const body = this.#restored(root, edited.body, changes)
    if (body !== root.file.body) note(changes, root.file, { range: root.range, text: body })
    const [only, ...others] = changes
    if (only === undefined || others.length > 0)
      throw new NoSingleFile([...changes.keys()].map(({ name }) => name))
    const [file, ofFile] = only
    // The byte order mark, where there is one.
    const lead = file.text.slice(0, file.text.length - file.body.length)
    return { file, text: lead + applied(file.body, ofFile) }
  }

  /** The text of a region as its own file has it, where `text` is what stands in its place; what changed in other files goes to `changes`. */
  #restored({ file, holes }: Region, text: string, changes: Map<SourceFile, Change[]>): string {
    let restored = text
    for (const hole of holes) {
      const [begin, end] = [this.#mark(hole, 'begin'), this.#mark(hole, 'end')]
      const [from, to] = [restored.indexOf(begin), restored.indexOf(end)]
      // It was removed as a whole, with the key that it belongs to.
      if (from === -1 && to === -1) continue
      if (from === -1 || to < from) throw new NoSingleFile(namesIn(file, hole))
      const inside = restored.slice(from + begin.length, to)
      const valueEnd = json5ValueEnd(inside)
      if (valueEnd === null) throw new NoSingleFile(namesIn(file, hole))
      const ofHole = new Map<SourceFile, Change[]>()
      this.#takeApart(hole, file, inside.slice(0, valueEnd), ofHole)
      const own = ofHole.get(file) ?? []
      ofHole.delete(file)
      for (const [other, list] of ofHole) for (const change of list) note(changes, other, change)
      const original = applied(
        file.body.slice(...hole.range),
        own.map(({ range, text: changed }) => ({
          range: [range[0] - hole.range[0], range[1] - hole.range[0]],
          text: changed,
        })),
      )
      // What follows the value was put behind it, before the mark: it belongs to the file around.
      restored = splice(restored, from, to + end.length, original + inside.slice(valueEnd))
    }
    return restored
  }

  /** Finds each region of the hole in the text that stands in its place. Our own text between them must be as it was. */
  #takeApart(hole: Hole, around: SourceFile, text: string, changes: Map<SourceFile, Change[]>): void {
    const [only, ...more] = hole.pieces
    const keep = (region: Region, edited: string): void => {
      const restored = this.#restored(region, edited, changes)
      const { file, range } = region
      if (restored !== file.body.slice(...range)) note(changes, file, { range, text: restored })
    }
    if (only !== undefined && typeof only !== 'string' && more.length === 0) return keep(only, text)
    let at = 0
    for (const piece of hole.pieces) {
      const begin = typeof piece === 'string' ? piece : this.#mark(piece, 'begin')
      if (!text.startsWith(begin, at)) throw new NoSingleFile(namesIn(around, hole))
      at += begin.length
      if (typeof piece === 'string') continue
      const end = this.#mark(piece, 'end')
      const to = text.indexOf(end, at)
      if (to === -1) throw new NoSingleFile(namesIn(around, hole))
      keep(piece, text.slice(at, to))
      at = to + end.length
    }
    if (at !== text.length) throw new NoSingleFile(namesIn(around, hole))
  }

  #mark(part: Hole | Region, edge: 'begin' | 'end'): string {
    const id = this.#ids.get(part) ?? this.#ids.size
    this.#ids.set(part, id)
    return `/*${edge} ${this.#secret} ${id}*/`
  }
}

function note(changes: Map<SourceFile, Change[]>, file: SourceFile, change: Change): void {
  changes.set(file, [...(changes.get(file) ?? []), change])
}

/** From the end on, so that the ranges before stay true. */
function applied(body: string, changes: readonly Change[]): string {
  return changes
    .toSorted((one, other) => other.range[0] - one.range[0])
    .reduce((text, { range, text: changed }) => splice(text, range[0], range[1], changed), body)
}

/** The files that a hole is made of, and the one around it. */
function namesIn(around: SourceFile, { pieces }: Hole): string[] {
  const inside = pieces.flatMap((piece) =>
    typeof piece === 'string'
      ? []
      : [piece.file.name, ...piece.holes.flatMap((hole) => namesIn(piece.file, hole))],
  )
  return [around.name, ...inside]
}
