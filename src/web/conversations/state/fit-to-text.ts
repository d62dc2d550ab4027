/** As many lines as the text has; the style sheet bounds them. */
export function fitToText(field: HTMLElement | null): void {
  if (field === null) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight + 2}px`
}
