import type { Plugin } from 'esbuild'

export declare const shortTemplates: Plugin
