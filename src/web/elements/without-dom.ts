// Lit uses two globals of browsers while it is loaded. The build puts these in their place, so that a server may import the
// elements, which does nothing there. In a browser they are its own.

const browser: Partial<typeof globalThis> = globalThis

const Element = /* @__PURE__ */ (() => browser.HTMLElement ?? EventTarget)()
const page = /* @__PURE__ */ (() => browser.document ?? { createTreeWalker: () => null })()

export { Element as HTMLElement, page as document }
