import { isRecord } from '../../../protocol/is-record.ts'
import type { ReplyItem } from '../../agent.ts'
import { fileData } from '../../answers/file-data.ts'

/** Of one value of an answer. */
const MAX_IMAGES = 8
const DATA_URL = /^data:(image\/[\w.+-]{1,50});base64,/

/**
 * Pictures in what a model says: `images` beside its words, as OpenRouter and LiteLLM give them, and blocks of its content; or why one
 * cannot be shown. Those inside of the answer alone: nothing is fetched.
 */
export function answerImages({ images, content }: Record<string, unknown>): ReplyItem[] {
  const blocks: readonly unknown[] = [images, content].flatMap((list) => (Array.isArray(list) ? list : []))
  return blocks.flatMap(imageOf).slice(0, MAX_IMAGES)
}

function imageOf(block: unknown): ReplyItem[] {
  if (!isRecord(block) || block['type'] !== 'image_url' || !isRecord(block['image_url'])) return []
  const { url } = block['image_url']
  const [head, mimeType] = (typeof url === 'string' && DATA_URL.exec(url.slice(0, 100))) || []
  if (typeof url !== 'string' || head === undefined || mimeType === undefined)
    return [unusable('The model gave a picture by its address, which is not fetched.')]
  const file = fileData(url.slice(head.length))
  return ['why' in file ? unusable(file.why) : { type: 'media', kind: 'image' as const, file, mimeType }]
}

function unusable(why: string): ReplyItem {
  return { type: 'unusable', why }
}
