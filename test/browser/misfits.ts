import type { Page } from 'playwright-core'

/** What of an element is wider than its place, and numbers that take more than one line for what fits into one. */
export function misfits(page: Page, element: string): Promise<string[]> {
  return page.locator(element).evaluate((card) => {
    const found: string[] = []
    const root = document.documentElement
    if (root.scrollWidth > innerWidth) found.push(`the page: ${root.scrollWidth}`)
    for (const element of card.shadowRoot?.querySelectorAll<HTMLElement>('*') ?? []) {
      if (!element.checkVisibility() || element.closest('.visually-hidden, svg, option, select')) continue
      const { left, right, width } = element.getBoundingClientRect()
      const name = `${element.localName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`
      if (width > 0 && (left < -1 || right > innerWidth + 1)) found.push(`outside (${right}) ${name}`)
      const isClipped = element.scrollWidth > element.clientWidth + 5 && element.clientWidth > 0
      if (isClipped && !element.matches('input, bdi, span')) found.push(`cut off ${name}`)
      if (!element.matches('.number:not(.grouped, input)') || !/^\+\d+$/.test(element.textContent)) continue
      if (element.getClientRects().length > 1) found.push(`broken ${name}`)
    }
    return found.slice(0, 12)
  })
}
