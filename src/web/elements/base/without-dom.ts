// Lit uses two browser globals while it loads. The build replaces them by these exports, so that a server can import the
// elements (nothing is defined there). In a browser these are the browser's own.

const browser: Partial<typeof globalThis> = globalThis

const Element = /* @__PURE__ */ (() => browser.HTMLElement ?? EventTarget)()
const page = /* @__PURE__ */ (() => browser.document ?? { createTreeWalker: () => null })()

export { Element as HTMLElement, page as document }
