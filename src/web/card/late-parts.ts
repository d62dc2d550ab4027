import { LatePart } from './late-part.ts'

/** The dialog, the settings, replies that failed, and what is technical of problems. */
export const editing = new LatePart(async () => (await import('./editing/editing-parts.ts')).EDITING_PARTS)

/** Linking: steps, QR, pairing code and passkey, and the link to give away, which has a QR too. */
export const linking = new LatePart(async () => (await import('./linking/linking-parts.ts')).LINKING_PARTS)
