import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'

/** What an assistant answers to a turn; `file` carries the words where the answer is due as a file. */
export function answerTo(turn: TurnJson): { words: string; file: Buffer | null }
