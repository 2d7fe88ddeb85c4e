// Form fields: what the user typed or chose is kept unless the server changed its own value.

import { lastServed } from './served'

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLOptionElement

/** What the server says of a field, so that a change of it can be told from a repetition. */
function said(el: Element): string | null {
  if (el instanceof HTMLTextAreaElement) return el.defaultValue
  if (el instanceof HTMLOptionElement) return String(el.defaultSelected)
  return lastServed(el, 'value')
}

/**
 * The signal of a bound field knows its value. Markup that gives another one is followed; markup
 * that gives none (no value, no checked, nothing selected) says nothing against the signal.
 */
const isBound = (el: Element | null): boolean =>
  !!el?.getAttributeNames().some((name) => name.startsWith('data-bind'))

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
  if (old instanceof HTMLTextAreaElement) return text(old, value, repeated)
  if (old instanceof HTMLSelectElement) return select(old)
  if (old instanceof HTMLOptionElement) return option(old, value === 'true', repeated)
  const type = (old as HTMLInputElement).type
  if (/^(checkbox|radio)$/.test(type)) return box(old as HTMLInputElement, next)
  if (/^(submit|button|reset|hidden|image|file)$/.test(type)) return undefined
  return text(old as HTMLInputElement, value, repeated)
}

function text(
  old: HTMLInputElement | HTMLTextAreaElement,
  value: string | null,
  repeated: boolean,
): (() => void) | undefined {
  if (repeated) return undefined
  const kept = !value && isBound(old) ? old.value : undefined
  return () => {
    if (old instanceof HTMLTextAreaElement) old.defaultValue = value ?? ''
    type(old, kept ?? value ?? '')
    if (kept === undefined) old.dispatchEvent(changedEvent())
  }
}

function box(old: HTMLInputElement, next: Element): (() => void) | undefined {
  const checked = next.hasAttribute('checked')
  if ((lastServed(old, 'checked') !== null) === checked) return undefined
  const kept = !checked && isBound(old) ? old.checked : undefined
  return () => {
    old.checked = kept ?? checked
    if (kept === undefined) old.dispatchEvent(changedEvent())
  }
}

function option(old: HTMLOptionElement, on: boolean, repeated: boolean): (() => void) | undefined {
  if (repeated || (!on && isBound(old.closest('select')))) return undefined
  return () => {
    old.selected = on
    old.dispatchEvent(changedEvent())
  }
}

/** The choice of a list survives new options around it. */
function select(old: HTMLSelectElement): () => void {
  const chosen = [...old.selectedOptions].map((option) => option.value)
  const server = (): string =>
    [...old.options].map((option) => (option.defaultSelected ? option.value : '')).join('\n')
  const before = server()
  return () => {
    const now = server()
    if (now !== before && (now.trim() || !isBound(old))) return
    for (const option of old.options) {
      const wanted = chosen.includes(option.value)
      if (option.selected !== wanted && (old.multiple || wanted)) option.selected = wanted
    }
  }
}
