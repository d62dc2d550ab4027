import { statfsSync } from 'node:fs'

/** Kinds of file system that other machines, or a program (FUSE), serve: by the number that statfs(2) of Linux gives. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [0x00_00_51_7b, 'SMB'],
  [0x00_00_69_69, 'NFS'],
  [0x00_c3_64_00, 'Ceph'],
  [0x01_02_19_97, '9p'],
  [0x01_16_19_70, 'GFS2'],
  [0x0b_d0_0b_d0, 'Lustre'],
  [0x19_83_03_26, 'BeeGFS'],
  [0x47_50_46_53, 'GPFS'],
  [0x53_46_41_4f, 'AFS'],
  [0x65_73_55_46, 'FUSE'],
  [0x6b_41_46_53, 'AFS'],
  [0x73_75_72_45, 'Coda'],
  [0x74_61_63_6f, 'OCFS2'],
  [0x78_6f_42_56, 'VirtualBox'],
  [0x7c_7c_66_73, 'Parallels'],
  [0xaa_d7_aa_ea, 'Panasas'],
  [0xba_cb_ac_bc, 'VMware'],
  [0xfe_53_4d_42, 'SMB'],
  [0xff_53_4d_42, 'CIFS'],
])

/**
 * The kind of network file system that `path` is on; `null` for a local disk, one that cannot be asked, and systems other
 * than Linux. On these kinds two processes may share a file without sharing memory, and hosts may not see each other's locks.
 */
export function networkFileSystem(path: string): string | null {
  if (process.platform !== 'linux') return null
  try {
    return KINDS.get(statfsSync(path).type >>> 0) ?? null
  } catch {
    return null
  }
}
