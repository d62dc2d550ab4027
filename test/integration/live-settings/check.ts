import type { Scene } from './scene.ts'

/** How it is shown that an edit of a setting has its effect while everything runs. */
export type LiveCheck =
  /** Edits it, and sees the effect at a phone. `members`: the keys inside of it that are seen at work. */
  | { members?: readonly string[]; seen: (scene: Scene) => Promise<void> }
  /** A test of its own does so: its file below `test/integration/`, and its title. */
  | { members?: readonly string[]; shownBy: { file: string; title: string } }
