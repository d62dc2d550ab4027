/** WhatsApp's own page names the client version that it would load (zapo, Baileys `fetchLatestWaWebVersion`). */
export const VERSION_PAGE = 'https://web.whatsapp.com/sw.js'

/** Without the first one WhatsApp answers 400. */
export const VERSION_PAGE_HEADERS = {
  'sec-fetch-site': 'none',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
}

const REVISION = /\\?"client_revision\\?":\s*(\d{1,15})\b/
const MAX_PAGE_BYTES = 4 * 1024 * 1024

/** The third number of the current client version; `NaN` where the page names none. Throws where the page is too long, or breaks off. */
export async function readRevision(response: Response): Promise<number> {
  return Number(REVISION.exec(await bounded(response))?.[1])
}

async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  // Node's stream of bytes can be iterated over; the type of the web's leaves that out.
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > MAX_PAGE_BYTES) throw new Error('it is too long')
    text += decoder.decode(part, { stream: true })
  }
  return text
}
