/** Markup with values in it, as `html` makes it and `render` draws it. */
export interface Template {
  strings: TemplateStringsArray
  values: readonly unknown[]
}

/** Draws a value in its place, changing only what differs from the value before. */
type Part = (value: unknown) => void

/** Stands for a value in the markup; no text of ours has it. */
const HOLE = '\uE000'

const prepared = new WeakMap<TemplateStringsArray, HTMLTemplateElement>()

/**
 * Markup whose values are filled in as text or attributes, never as markup. Between tags a value is a text, another
 * `html`, a list of them, or nothing (`null`, `undefined`, `false`). In a tag `name=${}` sets an attribute (`null` and
 * `undefined` take it off), `?name=${}` one without a value, `.name=${}` a property, `@name=${}` a listener.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Template {
  return { strings, values }
}

/** Appends to `parent`; each call of the answer replaces what the one before drew. */
export function render(parent: Node): (template: Template) => void {
  return childPart(parent.appendChild(new Comment()))
}

function childPart(end: ChildNode): Part {
  const start = new Comment()
  end.before(start)
  /** What the parts below belong to: a template's strings, `Array` or `Text`. */
  let kind: unknown
  let parts: Part[] = []
  let items: ChildNode[] = []
  const become = (next: unknown): boolean => {
    if (kind === next) return false
    kind = next
    parts = []
    items = []
    removeBetween(start, end)
    return true
  }
  const drawList = (values: unknown[]): void => {
    become(Array)
    while (items.length < values.length) {
      const itemEnd = new Comment()
      end.before(itemEnd)
      items.push(itemEnd)
      parts.push(childPart(itemEnd))
    }
    parts.length = values.length
    const surplus = items.splice(values.length)
    if (surplus.length > 0) removeBetween(items.at(-1) ?? start, end)
    values.forEach((value, index) => parts[index]?.(value))
  }
  return (value) => {
    if (Array.isArray(value)) drawList(value)
    else if (isTemplate(value)) {
      if (become(value.strings)) {
        const content = document.importNode(prepare(value.strings), true)
        parts = findParts(content)
        end.before(content)
      }
      parts.forEach((part, index) => part(value.values[index]))
    } else {
      if (become(Text)) end.before('')
      const { nextSibling } = start
      const text = value === false ? '' : textOf(value)
      if (nextSibling !== null && nextSibling.nodeValue !== text) nextSibling.nodeValue = text
    }
  }
}

function isTemplate(value: unknown): value is Template {
  return (value as Template | null | undefined)?.strings !== undefined
}

function textOf(value: unknown): string {
  // Nothing but strings, numbers and booleans is ever filled in as text.
  return `${(value ?? '') as string | number}`
}

function removeBetween(start: ChildNode, end: ChildNode): void {
  while (start.nextSibling !== null && start.nextSibling !== end) start.nextSibling.remove()
}

/** The markup, parsed once: a hole between tags is a comment, one in a tag stays in the attribute's value. */
function prepare(strings: TemplateStringsArray): DocumentFragment {
  let template = prepared.get(strings)
  if (template === undefined) {
    template = document.createElement('template')
    template.innerHTML = strings.reduce((markup, next) => {
      const isInTag = markup.lastIndexOf('<') > markup.lastIndexOf('>')
      // Under a name of its own, because browsers complain of an SVG whose width is a hole.
      return isInTag ? markup.replace(/=("?)$/, '$$=$1') + HOLE + next : `${markup}<!--${HOLE}-->${next}`
    })
    prepared.set(strings, template)
  }
  return template.content
}

/** One part for each value, in the order of the markup. */
function findParts(content: DocumentFragment): Part[] {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT)
  const nodes: Node[] = []
  while (walker.nextNode() !== null) nodes.push(walker.currentNode)
  return nodes.flatMap((node) => {
    if (node instanceof Comment) return node.data === HOLE ? [childPart(node)] : []
    // The walker shows nothing but comments and elements.
    const element = node as Element
    return [...element.attributes].flatMap(({ name, value }) =>
      value.includes(HOLE) ? attributeParts(element, name, value.split(HOLE)) : [],
    )
  })
}

function attributeParts(element: Element, written: string, texts: string[]): Part[] {
  const name = written.replace('$', '')
  const key = name.slice(1)
  element.removeAttribute(written)
  if (name.startsWith('@')) {
    let listener: unknown
    element.addEventListener(key, (event) => {
      if (typeof listener === 'function') listener(event)
    })
    return [(value) => (listener = value)]
  }
  let last: unknown
  const values: unknown[] = []
  const set = (value: unknown): void => {
    if (value === last) return
    last = value
    if (name.startsWith('.')) Reflect.set(element, key, value)
    else if (name.startsWith('?')) element.toggleAttribute(key, Boolean(value))
    else if (value === null || value === undefined) element.removeAttribute(name)
    else element.setAttribute(name, textOf(value))
  }
  if (texts.join('') === '') return [(value) => set(value ?? null)]
  return texts.slice(1).map((_text, index) => (value) => {
    values[index] = value
    if (values.length < texts.length - 1) return
    set(texts.reduce((text, next, hole) => text + textOf(values[hole - 1]) + next))
  })
}
