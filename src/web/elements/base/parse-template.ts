// Lit sets `innerHTML`, for which a page with Trusted Types has to list a policy of Lit's by its name. The build gives Lit this
// reader of markup instead, so that the elements draw under any such policy (`src/tools/lit-without-policy.mjs`).

const NODE = /<\?([^>]*)>|<(\/?)([\w-]+)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+|(<)/g
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g
const WITHOUT_CONTENT = /^(?:br|hr|img|input|wbr)$/
const SVG = 'http://www.w3.org/2000/svg'

/** How Lit marks the name of an attribute that has a value of ours; of characters that every browser allows there. */
const BOUND = '-lit-'

/**
 * Fills `template` with the elements of `markup`: the templates of this program, which close what they open. Throws where
 * they do not, and for comments and character references, which they have none of.
 */
export function parseTemplate(template: HTMLTemplateElement, markup: string): void {
  const { content } = template
  const page = content.ownerDocument
  const open: (Element | DocumentFragment)[] = [content]
  let bound = 0
  for (const [text, marker, slash, name = '', attributes = '', stray] of markup.matchAll(NODE)) {
    const parent = open.at(-1) ?? content
    if (marker !== undefined) parent.append(page.createComment(`?${marker}`))
    else if (slash === '/') {
      const closed = open.pop()
      if (!(closed instanceof Element) || closed.localName !== name) throw new Error(`${text} closes nothing`)
    } else if (slash === '') {
      const isDrawing = name === 'svg' || (parent instanceof Element && parent.namespaceURI === SVG)
      const element = isDrawing ? page.createElementNS(SVG, name) : page.createElement(name)
      for (const [, key = '', ...values] of attributes.matchAll(ATTRIBUTE)) {
        // Lit knows the real name, such as `@click`, which not every browser allows here.
        const safeKey = key.endsWith(BOUND) ? `b${bound++}${BOUND}` : key
        element.setAttribute(safeKey, values.find((value) => value !== undefined) ?? '')
      }
      parent.append(element)
      if (!attributes.endsWith('/') && !WITHOUT_CONTENT.test(name)) open.push(element)
    } else if (stray === undefined && !text.includes('&')) parent.append(text)
    else throw new Error(`a template cannot have ${text}`)
  }
  if (open.length > 1) throw new Error('a template leaves an element open')
}
