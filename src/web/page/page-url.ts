/** The daemon's address for `path`, such as `v1/ws`: beside the page, which a proxy may have put under a path of its own. */
export function pageUrl(path: string): string {
  return new URL(path, new URL('.', location.href)).href
}
