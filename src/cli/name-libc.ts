import { existsSync } from 'node:fs'

/** What is asked about the system that this process runs on. */
export interface LibcFacts {
  platform: string
  arch: string
  exists(path: string): boolean
  /** `undefined` where Node is not linked with glibc. */
  glibcVersion(): string | undefined
}

const MUSL_LOADERS: Readonly<Record<string, string>> = {
  x64: '/lib/ld-musl-x86_64.so.1',
  arm64: '/lib/ld-musl-aarch64.so.1',
}

/**
 * Tells the SQLite binding which of its builds fits: it takes every Linux but Alpine for one with glibc. Sets `LIBC` in
 * `env` where this Node runs on musl. Before the binding is loaded.
 */
export function nameLibc(env: NodeJS.ProcessEnv, facts: LibcFacts = THIS_SYSTEM): void {
  const { platform, arch, exists } = facts
  if (platform !== 'linux' || env['LIBC'] !== undefined || exists('/etc/alpine-release')) return
  // The loader of musl may be there beside glibc.
  if (exists(MUSL_LOADERS[arch] ?? '') && facts.glibcVersion() === undefined) env['LIBC'] = 'musl'
}

const THIS_SYSTEM: LibcFacts = {
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
  glibcVersion() {
    const report = process.report as typeof process.report & { excludeNetwork?: boolean }
    // It would look up the names of hosts.
    report.excludeNetwork = true
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
    return header?.glibcVersionRuntime
  },
}
