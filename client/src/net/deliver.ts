// From a message to its watcher: one alone, or those of a batch as one change.
import { problem, report } from '../engine/errors'
import { watchers, type Message, type WatcherContext } from '../engine/plugins'
import { together } from '../morph/turn'
import type { StreamEvent } from './sse'

/** Tells the page about the life of a request. */
export function announce(type: string, el: Element, argsRaw: Message): void {
  document.dispatchEvent(new CustomEvent('datastar-fetch', { detail: { type, el, argsRaw } }))
}

export interface Receiver {
  el: HTMLElement
  /** It is the page's stream. */
  live?: boolean
  /** The page it belongs to has gone, and what it still says with it. */
  isOver?: () => boolean
  /** Whether a signal may be set by this answer. */
  except?: (path: string) => boolean
  /** Every event of a stream, before it takes effect. */
  received?: (event: StreamEvent) => void
  retry?: (milliseconds: number) => void
  /** Bytes came, of whatever kind. */
  alive?: () => void
}

export interface Delivery {
  type: string
  args: Message
  receiver: Receiver
}

let applying: Receiver | undefined

/** Whether the page is being changed by this answer right now. */
export const isApplying = (receiver: Receiver | undefined): boolean =>
  receiver !== undefined && applying === receiver

/** Applies one message; a failure is reported and stops nothing else. */
export function deliver({ type, args, receiver }: Delivery): void | Promise<unknown> {
  const { el, except, live } = receiver
  if (type.startsWith('datastar-')) announce(type, el, args)
  const plugin = watchers.get(type)
  if (!plugin) return
  const context: WatcherContext = { el, except, live, error: problem }
  const outer = applying
  applying = receiver
  try {
    return attempt(type, () => plugin.apply(context, args))
  } finally {
    applying = outer
  }
}

/** Applies several: nobody sees the page between two of them. */
export function deliverTogether(all: readonly Delivery[]): void {
  together(() => {
    for (const { type, args } of all) attempt(type, () => watchers.get(type)?.prepare?.(args))
    for (const one of all) void deliver(one)
  })
}

function attempt(type: string, run: () => void | Promise<unknown>): void | Promise<unknown> {
  const failed = (cause: unknown): void => report({ attribute: type }, cause)
  try {
    const done = run()
    return done instanceof Promise ? done.catch(failed) : undefined
  } catch (cause) {
    failed(cause)
  }
}
