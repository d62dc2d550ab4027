/** Half-open, in characters of the text. */
export type Range = readonly [start: number, end: number]

export type PathSegment = string | number

/** A text, a number, `true`, `false` or `null`. */
export interface ScalarNode {
  type: 'scalar'
  range: Range
  value: string | number | boolean | null
}

export interface ArrayNode {
  type: 'array'
  /** Brackets included, as for an object. */
  range: Range
  value: readonly unknown[]
  elements: readonly ValueNode[]
}

export interface ObjectNode {
  type: 'object'
  range: Range
  /** Of two members with one name the last, as in JSON5. */
  value: Readonly<Record<string, unknown>>
  members: readonly MemberNode[]
}

export interface MemberNode {
  /** From the name to the value. */
  range: Range
  name: string
  nameStart: number
  value: ValueNode
}

export type ValueNode = ScalarNode | ArrayNode | ObjectNode

/** What a text consists of besides white space. A `string` may be a name or a value; a `name` has no quotes. */
export interface Token {
  kind: 'comment' | 'comma' | 'colon' | 'open' | 'close' | 'string' | 'name' | 'scalar'
  range: Range
}

/** The node at `path`, or `null`. */
export function nodeAt(root: ValueNode, path: readonly PathSegment[]): ValueNode | null {
  let node: ValueNode = root
  for (const segment of path) {
    const next: ValueNode | undefined =
      typeof segment === 'number' ? elementAt(node, segment) : memberOf(node, segment)?.value
    if (next === undefined) return null
    node = next
  }
  return node
}

export function elementAt(node: ValueNode | null, index: number): ValueNode | undefined {
  return node?.type === 'array' ? node.elements[index] : undefined
}

/** The first member called `name`. */
export function memberOf(node: ValueNode | null, name: string): MemberNode | undefined {
  return node?.type === 'object' ? node.members.find((member) => member.name === name) : undefined
}

/** The names of an object's members, in their order. */
export function memberNames({ members }: ObjectNode): string[] {
  return members.map(({ name }) => name)
}
