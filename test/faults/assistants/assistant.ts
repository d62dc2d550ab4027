/** Its id in the daemon's config. */
export const ASSISTANT_ID = 'helper'

/** Where the daemon's control plane is now, and with what one is let in; `null` while it is not up. */
export type ControlPlane = () => { url: string; token: string } | null

/** An assistant that repeats what it is told, and can be killed. */
export interface Assistant {
  readonly name: string
  /** Whether a question that is with it when it dies is asked again. Otherwise the person may be told that there is no answer. */
  readonly isAskedAgain: boolean
  /** The agent in the daemon's config. `directory`: one of the bot's own. */
  settings(directory: string): Record<string, unknown>
  start(controlPlane: ControlPlane): Promise<void>
  /** Dies in whatever it does, and is there again soon. */
  crash(): Promise<void>
  stop(): Promise<void>
}
