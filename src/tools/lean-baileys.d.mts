import type { Plugin } from 'esbuild'

export declare const leanBaileys: Plugin
export declare function leanText(file: string, text: string): string
