// The clean-up registry: whatever an element starts is ended here when it leaves the page.
import { report } from './errors'

export type Cleanup = () => void

const owned = new WeakMap<Element, Map<unknown, Cleanup>>()

/** Gives an element something to end. A second one under the same key first ends the first. */
export function own(el: Element, key: unknown, cleanup: Cleanup): void {
  let all = owned.get(el)
  if (!all) owned.set(el, (all = new Map()))
  const old = all.get(key)
  all.set(key, cleanup)
  if (old) end(el, old)
}

/** Forgets without ending: it has ended by itself. */
export function disown(el: Element, key: unknown): void {
  owned.get(el)?.delete(key)
}

/** Ends one thing of an element. */
export function release(el: Element, key: unknown): void {
  const cleanup = owned.get(el)?.get(key)
  if (!cleanup) return
  disown(el, key)
  end(el, cleanup)
}

export function releaseAll(el: Element): void {
  const all = owned.get(el)
  if (!all) return
  owned.delete(el)
  for (const cleanup of all.values()) end(el, cleanup)
}

export const owns = (el: Element, key: unknown): boolean => owned.get(el)?.has(key) ?? false

function end(el: Element, cleanup: Cleanup): void {
  try {
    cleanup()
  } catch (cause) {
    report({ el }, cause)
  }
}
