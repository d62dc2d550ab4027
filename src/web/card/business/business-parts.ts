import '../late-shared.ts'
import { renderBusinessPanel } from './business-panel.ts'
import { renderDisconnectWords } from './disconnect-words.ts'

/** What Business numbers need: loaded where an account is one, or can become one. */
export const BUSINESS_PARTS = { renderBusinessPanel, renderDisconnectWords }
