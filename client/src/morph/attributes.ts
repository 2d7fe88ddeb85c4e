// Attributes: the new server value is written unless the server did not change it, so what plugins,
// scripts and the user put there survives (last server value, new server value, present value).
import { attributesOf } from '../engine/dom'
import { servedOf } from './served'

/** Makes the attributes of `old` those of `next`, except what the page itself has changed. */
export function morphAttributes(old: Element, next: Element): void {
  const changed = servedOf(old)
  const kept = next.getAttribute('data-preserve-attr')?.split(/\s+/)
  const free = (name: string): boolean => !kept?.includes(name)
  for (const { name, value, namespaceURI } of attributesOf(next)) {
    if (!free(name)) continue
    if (changed?.has(name)) merge(old, name, value, changed)
    else if (old.getAttribute(name) !== value) {
      if (namespaceURI) old.setAttributeNS(namespaceURI, name, value)
      else write(old, name, value)
    }
  }
  if (attributesOf(old).length !== attributesOf(next).length || changed) {
    for (const { name } of [...attributesOf(old)]) {
      if (next.hasAttribute(name) || !free(name)) continue
      if (changed?.has(name)) merge(old, name, null, changed)
      else remove(old, name)
    }
    changed?.forEach((_, name) => {
      if (!next.hasAttribute(name) && !old.hasAttribute(name)) changed.set(name, null)
    })
  }
}

function write(el: Element, name: string, value: string): void {
  try {
    el.setAttribute(name, value)
  } catch {
    // The parser takes names that scripts may not write (`@x`, `"`): copied with their node
    // instead.
    const copy = document.createElement('template')
    copy.innerHTML = `<i ${name}></i>`
    const node = copy.content.firstElementChild?.getAttributeNode(name)?.cloneNode() as
      | Attr
      | undefined
    if (node) {
      node.value = value
      el.setAttributeNode(node)
    }
  }
}

function remove(el: Element, name: string): void {
  // A dialog that loses its attribute would stay in the top layer, open and unreachable.
  if (name === 'open' && el instanceof HTMLDialogElement) el.close()
  el.removeAttribute(name)
}

function merge(
  el: Element,
  name: string,
  value: string | null,
  served: Map<string, string | null>,
): void {
  const last = served.get(name) ?? null
  if (value === last) return
  const present = el.getAttribute(name)
  if (name === 'class' && present !== null) {
    const merged = mergeTokens(last, value, present)
    if (merged !== present) el.setAttribute(name, merged)
  } else if (name === 'style' && present !== null) {
    mergeStyle(el as HTMLElement, last, value)
  } else if (value === null) remove(el, name)
  else if (value !== present) write(el, name, value)
  served.set(name, value)
}

const tokens = (text: string | null): string[] => text?.split(/\s+/).filter(Boolean) ?? []

function mergeTokens(last: string | null, next: string | null, present: string): string {
  const before = new Set(tokens(last))
  const now = tokens(present)
  const removed = [...before].filter((token) => !now.includes(token))
  const wanted = tokens(next).filter((token) => !removed.includes(token))
  return [...new Set([...wanted, ...now.filter((token) => !before.has(token))])].join(' ')
}

function mergeStyle(el: HTMLElement, last: string | null, next: string | null): void {
  const declared = (text: string | null): CSSStyleDeclaration => {
    const probe = document.createElement('i').style
    probe.cssText = text ?? ''
    return probe
  }
  const before = declared(last)
  const after = declared(next)
  for (const name of new Set([...before, ...after])) {
    const was = before.getPropertyValue(name)
    const value = after.getPropertyValue(name)
    // Ours to change only if the page has not changed it.
    if (value !== was && el.style.getPropertyValue(name) === was) {
      el.style.setProperty(name, value, after.getPropertyPriority(name))
    }
  }
}
