import { memberOf, type ObjectNode, type PathSegment, type ValueNode } from '../document/json5-tree.ts'
import { isOurs } from '../document/our-sections.ts'
import { INCLUDE_KEY } from './config-text.ts'

/** An object that includes files. */
export interface IncludeSite {
  node: ObjectNode
  /** Of the object, in the config as a whole. */
  path: readonly PathSegment[]
  /** The paths as written; `null` where the value is neither a text nor a list of texts. */
  files: readonly string[] | null
}

/** The outermost objects with `$include` in our sections, in their order. `path` is where the node stands in the config as a whole. */
export function includeSites(node: ValueNode, path: readonly PathSegment[]): IncludeSite[] {
  if (!isOurs(path)) return []
  if (node.type === 'array')
    return node.elements.flatMap((element, index) => includeSites(element, [...path, index]))
  if (node.type !== 'object') return []
  const include = memberOf(node, INCLUDE_KEY)
  if (include !== undefined) return [{ node, path, files: filesOf(include.value.value) }]
  return node.members.flatMap(({ name, value }) => includeSites(value, [...path, name]))
}

function filesOf(value: unknown): readonly string[] | null {
  const files: unknown[] = Array.isArray(value) ? value : [value]
  const texts = files.filter((file) => typeof file === 'string')
  return texts.length === files.length && files.length > 0 ? texts : null
}
