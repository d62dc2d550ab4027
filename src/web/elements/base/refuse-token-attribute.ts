/**
 * Takes an attribute `token` out of an element, unused: frameworks write one where they cannot set a property (React and Svelte on a
 * server, Svelte before the element is defined), and page sources and error reports show it. Answers whether `name` is that attribute.
 */
export function refuseTokenAttribute(element: HTMLElement, name: string, value: string | null): boolean {
  if (name !== 'token') return false
  if (value !== null) {
    element.removeAttribute(name)
    console.error(
      `<${element.localName}>: "token" is a property, set by a script. As an attribute, which page sources and error reports show, it is not used.`,
    )
  }
  return true
}
