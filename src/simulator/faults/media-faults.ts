import { type ActiveFault, FaultRules, type FaultScope } from './fault-rules.ts'

/** What is wrong with the answer to a download. */
export type DownloadFault =
  | { kind: 'status'; status: number }
  /** One byte differs, so that neither the hash nor the MAC is right. */
  | { kind: 'spoiled' }
  /** So many bytes more than the file has. */
  | { kind: 'longer'; by: number }
  /** Bytes without an end, at the speed of the connection. */
  | { kind: 'endless' }
  | { kind: 'slow'; bytesPerSecond: number }
  /** Half of the bytes, and then nothing more; the connection stays. */
  | { kind: 'stalled' }
  /** Half of the bytes, and then the connection ends. */
  | { kind: 'cut' }
  | { kind: 'redirect'; to: string }

/** What is wrong with an upload. */
export type UploadFault =
  | { kind: 'status'; status: number }
  /** The connection ends while the client sends. */
  | { kind: 'cut' }
  /** The file is taken, and no answer comes; the connection stays. */
  | { kind: 'stalled' }
  /** The file is taken, and the connection ends without an answer. */
  | { kind: 'lost-answer' }
  /** The answer comes late. */
  | { kind: 'slow'; afterMs: number }
  /** Another body than the place of the file: another host, another path, no JSON. */
  | { kind: 'answer'; body: string }
  | { kind: 'redirect'; to: string }

/** What a phone does when a client asks for a file again. */
export type ReuploadFault =
  /** `<error code>` in place of an answer that only the client can read; 2: the phone does not have it any more. */
  | { kind: 'error'; code: number }
  /** 0 for a general error, 2 not found, 3 the request could not be read. */
  | { kind: 'result'; result: 0 | 2 | 3 }
  /** The answer is about another message. */
  | { kind: 'other-id' }
  /** The answer cannot be decrypted. */
  | { kind: 'unreadable' }
  /** The answer names a place of its own choice. */
  | { kind: 'path'; directPath: string }
  | { kind: 'silence' }
  | { kind: 'twice' }

/** Faults of WhatsApp's servers for files, and of phones that are asked for a file again. */
export class MediaFaults {
  /** Hosts that `media_conn` names before the own one. */
  hosts: readonly string[] = []
  readonly downloads = new FaultRules<DownloadFault>()
  readonly uploads = new FaultRules<UploadFault>()
  readonly reuploads = new FaultRules<ReuploadFault>()

  /** Downloads name no account. */
  spoilDownloads(fault: DownloadFault, scope: Pick<FaultScope, 'times'> = {}): ActiveFault {
    return this.downloads.add(fault, scope)
  }

  spoilUploads(fault: UploadFault, scope: Omit<FaultScope, 'matching'> = {}): ActiveFault {
    return this.uploads.add(fault, scope)
  }

  /** `matching` is asked about the client's receipt, `account` is the phone's. */
  spoilReuploads(fault: ReuploadFault, scope: FaultScope = {}): ActiveFault {
    return this.reuploads.add(fault, scope)
  }

  clear(): void {
    this.hosts = []
    this.downloads.clear()
    this.uploads.clear()
    this.reuploads.clear()
  }
}
