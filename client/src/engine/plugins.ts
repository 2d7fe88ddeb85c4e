// The registries of plugins and their shapes: attributes, actions, and watchers of messages.
import type { Filter } from '../signals/filter'
import type { Cleanup } from './cleanup'
import type { Code } from './errors'
import { kebab, type Mods } from './grammar'

export type Need = 'allowed' | 'must' | 'denied' | 'exclusive'

export interface AttributeContext {
  el: HTMLElement
  key: string | undefined
  /** The key as written in the markup. */
  rawKey: string | undefined
  /** The whole name of the attribute as written. */
  attribute: string
  value: string
  mods: Mods
  evt?: Event
  /**
   * Runs the value as an expression. Errors are reported, not raised: then the result is
   * undefined.
   */
  rx: (...args: unknown[]) => unknown
  error: (code: Code, detail?: unknown) => Error
  effect: (run: () => unknown) => Cleanup
  loadedPluginNames: { actions: ReadonlySet<string>; attributes: ReadonlySet<string> }
}

export interface AttributePlugin {
  name: string
  requirement?: Need | { key?: Need; value?: Need }
  /** Whether the value of the expression is used: then its last statement is returned. */
  returnsValue?: boolean
  argNames?: readonly string[]
  /** The value is no expression: it is not compiled with the others. */
  literal?: boolean
  apply: (context: AttributeContext) => Cleanup | void
}

export interface ActionContext {
  el: HTMLElement
  evt: Event | undefined
  /** The attribute that runs it; none for a call from script. */
  attribute: string | undefined
  error: (code: Code, detail?: unknown) => Error
  cleanups: Map<unknown, Cleanup>
}

export interface ActionPlugin {
  name: string
  apply: (context: ActionContext, ...args: any[]) => unknown
}

/** The fields of one message: `data: selector #a` is `{selector: '#a'}`. */
export type Message = Record<string, string>

export interface WatcherContext {
  el: HTMLElement
  error: (code: Code, detail?: unknown) => Error
  /** Whether a signal may take the value of this message; false where the user was faster. */
  except?: ((path: string) => boolean) | undefined
  /** It came by the page's stream, in order with all that is kept current. */
  live?: boolean | undefined
}

/** What a message would change of a region. */
export interface Frame {
  /** The region's key. */
  key: string
  html: string
  touched: () => Element[]
  /** Whether its place is still there. */
  stands?: () => boolean
}

export interface WatcherPlugin {
  /** The event it answers to. */
  name: string
  /** Hears of an event of a batch before any of the batch takes effect. */
  prepare?: (args: Message) => void
  /** A message that brings a region up to date, and may have to wait for the user. */
  frame?: (args: Message) => Frame | undefined
  apply: (context: WatcherContext, args: Message) => void | Promise<unknown>
}

export const attributes = new Map<string, AttributePlugin>()
export const actionPlugins = new Map<string, ActionPlugin>()
export const watchers = new Map<string, WatcherPlugin>()

let registered: (plugin: AttributePlugin) => void = () => {}

/** Names the one function that hears of new attribute plugins. */
export function onAttribute(run: (plugin: AttributePlugin) => void): void {
  registered = run
}

export function attribute(plugin: AttributePlugin): AttributePlugin {
  const entry = { ...plugin, name: kebab(plugin.name) }
  attributes.set(entry.name, entry)
  registered(entry)
  return plugin
}

export function action(plugin: ActionPlugin): ActionPlugin {
  actionPlugins.set(plugin.name, plugin)
  return plugin
}

export function watcher(plugin: WatcherPlugin): WatcherPlugin {
  watchers.set(plugin.name, plugin)
  return plugin
}

/** Registers plugins of any kind, told apart by what they have. */
export function load(...plugins: (AttributePlugin | ActionPlugin | WatcherPlugin)[]): void {
  for (const plugin of plugins) {
    if ('requirement' in plugin || 'returnsValue' in plugin || 'argNames' in plugin)
      attribute(plugin)
    else if (/^(datastar|helio)-/.test(plugin.name)) watcher(plugin as WatcherPlugin)
    else action(plugin as ActionPlugin)
  }
}

export type { Filter }
