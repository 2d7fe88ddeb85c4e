// Form fields: what the user typed or chose is kept unless the server changed its own value.

import { lastServed } from './served'

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLOptionElement

/** What the server says of a field, so that a change of it can be told from a repetition. */
function said(el: Element): string | null {
  if (el instanceof HTMLTextAreaElement) return el.defaultValue
  if (el instanceof HTMLOptionElement) return String(el.defaultSelected)
  return lastServed(el, 'value')
}

/** A signal knows the value of a bound field: an attribute that goes away says nothing against it. */
const isBound = (el: Element): boolean =>
  el.getAttributeNames().some((name) => name.startsWith('data-bind'))

const changedEvent = (): Event => new Event('datastar-prop-change', { bubbles: true })

/** Writes a field's value and leaves the caret where it was. */
function type(el: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  if (el.value === value) return
  const focused = document.activeElement === el
  let start: number | null = null
  let end: number | null = null
  if (focused) {
    try {
      start = el.selectionStart
      end = el.selectionEnd
    } catch {
      // Kinds without a caret.
    }
  }
  el.value = value
  if (focused && start !== null) el.setSelectionRange(start, end)
}

const isField = (el: Element): el is Field => /^(INPUT|TEXTAREA|SELECT|OPTION)$/.test(el.tagName)

/**
 * Takes what is needed of a field before its attributes and children are morphed, and returns what
 * has to happen after; `undefined` for everything that is no field.
 */
export function morphField(old: Element, next: Element): (() => void) | undefined {
  if (!isField(old)) return undefined
  const value = said(next)
  const repeated = said(old) === value
  if (old instanceof HTMLTextAreaElement) {
    return () => {
      if (repeated) return
      old.defaultValue = value ?? ''
      type(old, value ?? '')
      old.dispatchEvent(changedEvent())
    }
  }
  if (old instanceof HTMLSelectElement) return select(old)
  if (old instanceof HTMLOptionElement) {
    return () => {
      if (repeated) return
      old.selected = value === 'true'
      old.dispatchEvent(changedEvent())
    }
  }
  const input = old as HTMLInputElement
  const checked = next.hasAttribute('checked')
  const toggled = (lastServed(old, 'checked') !== null) !== checked
  const kept = value === null && isBound(old) ? input.value : undefined
  return () => {
    if (toggled) input.checked = checked
    const typed = !/^(checkbox|radio|submit|button|reset|hidden|image|file)$/.test(input.type)
    const rewrite = !repeated && typed
    if (rewrite) type(input, kept ?? value ?? '')
    if (toggled || (rewrite && kept === undefined)) input.dispatchEvent(changedEvent())
  }
}

/** The choice of a list survives new options around it. */
function select(old: HTMLSelectElement): () => void {
  const chosen = [...old.selectedOptions].map((option) => option.value)
  const server = (): string =>
    [...old.options].map((option) => (option.defaultSelected ? option.value : '')).join('\n')
  const before = server()
  return () => {
    if (server() !== before) return
    for (const option of old.options) {
      const wanted = chosen.includes(option.value)
      if (option.selected !== wanted && (old.multiple || wanted)) option.selected = wanted
    }
  }
}
