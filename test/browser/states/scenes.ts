import type { Page } from 'playwright-core'
import type { Stack, StackOptions } from '../../support/stack.ts'
import { ACCOUNT_SCENES } from './account-states.ts'
import { CARD_SCENES } from './card-states.ts'
import type { Stage } from './stage.ts'

/** One thing that the card can show, and how a real daemon is brought to it. */
export interface CardScene {
  /** Of the test and the screenshot; unique. */
  name: string
  /** What the person reads then. */
  words: string
  options?: StackOptions
  /** While nobody looks yet; may restart the daemon. */
  before?: (stack: Stack) => Promise<void>
  /** On the open page. */
  after?: (page: Page, stage: Stage) => Promise<void>
}

export const SCENES: readonly CardScene[] = [...ACCOUNT_SCENES, ...CARD_SCENES]
