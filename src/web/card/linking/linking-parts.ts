import '../late-shared.ts'
import { renderLinkPanel } from './link-panel.ts'
import { qrDrawing } from './qr.ts'
import { renderShare } from './share.ts'

// A QR code follows in most cases.
void qrDrawing.load()

/** What linking needs, and the link to give away: loaded when linking is near. */
export const LINKING_PARTS = { renderLinkPanel, renderShare }
