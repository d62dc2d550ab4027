import { SECTIONS } from './sections.mjs'

/** VitePress' settings for these pages (`titles`: by their place, from `lay-out-pages.mjs`). Nothing in it is fetched when a page is viewed. */
export function configOf(titles) {
  return {
    title: 'whatsappd',
    description: 'A WhatsApp number for the assistant in a sandbox',
    lang: 'en',
    appearance: true,
    cleanUrls: false,
    markdown: {
      // The pages are written for code hosts: what looks like markup is meant literally.
      html: false,
      anchor: { slugify },
    },
    vue: { template: { compilerOptions: { delimiters: ['\u0001', '\u0002'] } } },
    themeConfig: {
      search: { provider: 'local' },
      outline: [2, 3],
      sidebar: sidebarOf(titles),
      docFooter: { prev: 'Before', next: 'Next' },
    },
  }
}

function sidebarOf(titles) {
  const named = new Set(SECTIONS.flatMap(([, places]) => places))
  const item = (place) => ({ text: titles[place], link: `/${place}` })
  const decisions = Object.keys(titles).filter((place) => place.startsWith('decisions/'))
  const others = Object.keys(titles).filter((place) => !named.has(place) && !place.startsWith('decisions/'))
  return [
    ...SECTIONS.map(([text, places]) => ({
      text,
      items: places.filter((place) => place in titles).map(item),
    })),
    ...(others.length > 0 ? [{ text: 'More', collapsed: true, items: others.toSorted().map(item) }] : []),
    { text: 'Decisions', collapsed: true, items: decisions.toSorted().map(item) },
  ]
}

/** As code hosts name headings, so that links to them lead to the same place in both. */
function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}
