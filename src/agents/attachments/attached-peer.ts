/** The connection of a program that answers turns. */
export interface AttachedPeer {
  /** Sends one frame, in order; resolves when the socket took it. Never rejects. */
  send(text: string): Promise<void>
  /** It is attached to something, or to nothing any more. */
  attached(isAttached: boolean): void
  /** Calls `left` once, when the connection ends or may not answer turns any more. */
  onLeft(left: () => void): void
}
