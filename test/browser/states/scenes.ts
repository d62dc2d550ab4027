import type { Page } from 'playwright-core'
import type { AccountState } from '../../../src/protocol/account/account-states.ts'
import type { Stack, StackOptions } from '../../support/stack.ts'
import { ACCOUNT_SCENES } from './account-states.ts'
import { CARD_SCENES } from './card-states.ts'
import { PASSKEY_SCENES } from './passkey-states.ts'
import type { Stage } from './stage.ts'

/** What a person does to get on from there. */
interface Way {
  /** What comes first, outside of the card: whatever was wrong is mended. */
  mend?: (stack: Stack) => void
  role?: 'button' | 'switch'
  /** What is pressed. */
  name: string
  /** What the person reads then. */
  words: string
}

/** One thing that the card can show, and how a real daemon is brought to it. */
export interface CardScene {
  /** Of the test and the screenshot; unique. */
  name: string
  /** What the person reads then. */
  words: string
  options?: StackOptions
  /** The account's state then, where the scene is there to show it. */
  state?: AccountState
  /** While nobody looks yet; may restart the daemon. Answers with what undoes it at the end, where that is needed. */
  before?: (stack: Stack) => Promise<void | (() => void)>
  /** On the open page. */
  after?: (page: Page, stage: Stage) => Promise<void>
  way?: Way
}

export const SCENES: readonly CardScene[] = [...ACCOUNT_SCENES, ...PASSKEY_SCENES, ...CARD_SCENES]
