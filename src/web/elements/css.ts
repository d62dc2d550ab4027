/** A style sheet as text; the tag is what editors and the build know it by. */
export function css(strings: TemplateStringsArray): string {
  return strings.join('')
}
