import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { replaceUnprintable } from '../../../protocol/text/printable.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import { formatSize } from '../text/chat-times.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import { saveFile } from '../state/save-file.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

type FileView = MessageView['files'][number]

const KINDS: Readonly<Record<FileView['kind'], ConversationsText>> = {
  image: 'Photo',
  voice: 'Voice message',
  audio: 'Sound',
  video: 'Video',
  document: 'Document',
  sticker: 'Sticker',
  other: 'A file',
}

const PLAY: Partial<Record<FileView['kind'], ConversationsText>> = {
  voice: 'Play the voice message',
  audio: 'Play the sound',
  video: 'Play the video',
}

/** The files of a message: pictures shown, sounds and videos played, all others to save. */
export function renderFiles(frame: ThreadFrame, { files }: MessageView): TemplateResult[] {
  return files.map((file) => html`<div class="file ${file.kind}">${renderFile(frame, file)}</div>`)
}

function renderFile(frame: ThreadFrame, file: FileView): TemplateResult {
  const { say, shown } = frame
  const { mediaId, state, problem, kind } = file
  if (mediaId === null || state !== 'ready') {
    const why =
      state === 'loading'
        ? say('The file is on its way.')
        : (problem ??
          say(state === 'gone' ? 'The file is not here any more.' : 'The file could not be loaded.'))
    return html`${renderName(frame, file)} <span class="small-print muted">${why}</span>`
  }
  const loaded = shown.media.get(mediaId)
  const failed = () => shown.media.cannotShow(mediaId)
  if (loaded?.state === 'failed')
    return html`${renderName(frame, file)}
      <span class="small-print failure"
        >${loaded.error === null ? say('The file cannot be shown on this page. Download it.') : say.said(loaded.error)[0]}</span
      >
      ${renderSave(frame, file, mediaId)}`
  // What is drawn anew later does not play again.
  const begin = ({ currentTarget }: Event & { currentTarget: HTMLMediaElement }): void => {
    // A browser may refuse; the controls are there.
    if (shown.media.takePressed(mediaId)) currentTarget.play().catch(() => {})
  }
  const url = loaded?.state === 'ready' ? loaded.url : null
  if (kind === 'image' || kind === 'sticker')
    return url === null
      ? html`<span class="picture" data-load=${mediaId} role="img" aria-label=${say(KINDS[kind])}></span>`
      : html`<img class="picture" src=${url} alt=${nameOf(frame, file)} @error=${failed} />`
  if (url !== null && kind === 'video')
    return html`<video
      class="picture"
      controls
      src=${url}
      aria-label=${nameOf(frame, file)}
      @loadstart=${begin}
      @error=${failed}
    ></video>`
  if (url !== null && (kind === 'voice' || kind === 'audio'))
    return html`<audio
      controls
      src=${url}
      aria-label=${nameOf(frame, file)}
      @loadstart=${begin}
      @error=${failed}
    ></audio>`
  const play = PLAY[kind]
  return html`${renderName(frame, file)}
  ${
    play === undefined
      ? null
      : button(loaded === undefined ? say(play) : say('Loading…'), () => shown.media.play(mediaId), {
          kind: 'small',
          disabled: loaded !== undefined,
        })
  }
  ${renderSave(frame, file, mediaId)}`
}

function renderName(frame: ThreadFrame, file: FileView): TemplateResult {
  const { size } = file
  return html`<span class="file-name"
    ><bdi>${nameOf(frame, file)}</bdi>${
      size === null ? null : html` <span class="muted small-print">${formatSize(size, frame.locale)}</span>`
    }</span
  >`
}

function renderSave(frame: ThreadFrame, file: FileView, mediaId: string): TemplateResult {
  const { say, shown } = frame
  const name = nameOf(frame, file)
  const refusal = shown.media.refusal(mediaId)
  const save = (): unknown => shown.media.download(mediaId, (bytes) => saveFile(bytes, name))
  return html`${button(say('Download'), save, {
    kind: 'small',
    name: say('Download {name}', { name }),
    disabled: frame.disabled,
  })}
  ${refusal === null ? null : renderFailure(say, refusal)}`
}

/** A name may turn the direction of writing, so that its ending seems to be another one. */
function nameOf({ say }: ThreadFrame, { name, kind }: FileView): string {
  const shown = replaceUnprintable(name ?? '', () => '').trim()
  return shown === '' ? say(KINDS[kind]) : shown
}
