/** What people set their system to; the second reads from right to left. */
export const READERS = [
  { name: 'light', colorScheme: 'light', reducedMotion: 'no-preference', forcedColors: 'none', dir: 'ltr' },
  { name: 'dark', colorScheme: 'dark', reducedMotion: 'reduce', forcedColors: 'none', dir: 'rtl' },
  { name: 'forced', colorScheme: 'dark', reducedMotion: 'reduce', forcedColors: 'active', dir: 'ltr' },
] as const

/** The rules of axe whose verdict colours or the direction of reading can change; the others read the same document. */
export const APPEARANCE = [
  'color-contrast',
  'link-in-text-block',
  'target-size',
  'scrollable-region-focusable',
  'css-orientation-lock',
]
