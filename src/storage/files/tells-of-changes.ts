import { statfsSync } from 'node:fs'

/** File systems of this machine alone, by the number that statfs(2) of Linux gives: whatever changes there, inotify tells. */
const KINDS: ReadonlySet<number> = new Set([
  0x00_00_ef_53, // ext2 to ext4
  0x01_02_19_94, // tmpfs
  0x24_05_19_05, // UBIFS
  0x2f_c1_2f_c1, // ZFS
  0x58_46_53_42, // XFS
  0x79_4c_76_30, // overlayfs
  0x85_84_58_f6, // ramfs
  0x91_23_68_3e, // Btrfs
  0xca_45_1a_4e, // bcachefs
  0xf2_f5_20_10, // F2FS
])

/** Whether a watcher of `path` hears of every change. False for kinds that are not known, and on systems other than Linux. */
export function tellsOfChanges(path: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    return KINDS.has(statfsSync(path).type >>> 0)
  } catch {
    return false
  }
}
