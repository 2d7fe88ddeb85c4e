// data-bind:name or data-bind="path.to.signal": a field and a signal that follow each other.
// __prop.NAME __event.a.b __case
import type { AttributePlugin } from '../engine/plugins'
import { camel } from '../engine/grammar'
import { getPath, hasPath, mergePaths, raw, setPath } from '../signals/store'
import { batch, untracked } from '../signals/reactive'
import { noteEdit } from '../net/edits'

/** How one kind of element gives and takes a value. */
interface Adapter {
  events: readonly string[]
  /** The element's value, in the type that the signal has. */
  read: (signal: unknown) => unknown
  write: (value: unknown) => void
  /** The value for a signal that nobody declared; `undefined` leaves it. */
  first: () => unknown
}

const like = (signal: unknown, text: string): string | number =>
  typeof signal === 'number' ? Number(text) : text

function textAdapter(el: HTMLInputElement | HTMLTextAreaElement): Adapter {
  const numeric = /^(number|range)$/.test(el.type)
  return {
    events: ['input'],
    read: (signal) =>
      numeric && typeof signal !== 'string' ? Number(el.value) : like(signal, el.value),
    first: () => (numeric ? Number(el.value) : el.value),
    write(value) {
      const text = String(value ?? '')
      // An empty number field says 0: it stays empty while it is written in.
      if (
        el.value === text ||
        (typeof value === 'number' && document.activeElement === el && Number(el.value) === value)
      )
        return
      el.value = text
    },
  }
}

function checkboxAdapter(el: HTMLInputElement): Adapter {
  const word = el.getAttribute('value')
  return {
    events: ['input'],
    read: (signal) =>
      typeof signal === 'string' || (word !== null && typeof signal !== 'boolean')
        ? el.checked
          ? (word ?? 'on')
          : ''
        : el.checked,
    first: () => (word === null ? el.checked : el.checked ? word : ''),
    write(value) {
      el.checked = typeof value === 'string' ? value === (word ?? 'on') : !!value
    },
  }
}

function radioAdapter(el: HTMLInputElement, path: string): Adapter {
  if (!el.name) el.name = path
  return {
    events: ['input'],
    read: (signal) => (el.checked ? like(signal, el.value) : signal),
    first: () => (el.checked ? el.value : undefined),
    write(value) {
      el.checked = String(value ?? '') === el.value
    },
  }
}

function selectAdapter(el: HTMLSelectElement): Adapter {
  if (!el.multiple) {
    return {
      events: ['change'],
      read: (signal) => like(signal, el.value),
      first: () => el.value,
      write(value) {
        const text = String(value ?? '')
        if (el.value !== text) el.value = text
      },
    }
  }
  const numbers = new Set<string>()
  const chosen = (): (string | number)[] =>
    [...el.selectedOptions].map(({ value }) => (numbers.has(value) ? Number(value) : value))
  return {
    events: ['change'],
    read: chosen,
    first: chosen,
    write(value) {
      const list = Array.isArray(value) ? (value as unknown[]) : []
      for (const item of list) if (typeof item === 'number') numbers.add(String(item))
      const wanted = new Set(list.map(String))
      for (const option of el.options) {
        const on = wanted.has(option.value)
        if (option.selected !== on) option.selected = on
      }
    },
  }
}

interface FileValue {
  name: string
  /** Base64. */
  contents: string
  mime: string
}

function encode(file: File): Promise<FileValue> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const url = reader.result as string
      resolve({ name: file.name, contents: url.slice(url.indexOf(',') + 1), mime: file.type })
    }
    reader.onerror = () => reject(reader.error ?? new Error(file.name))
    reader.readAsDataURL(file)
  })
}

function plainAdapter(el: HTMLElement, name: string | undefined, custom: boolean): Adapter {
  const place = el as never as Record<string, unknown>
  const prop = name ?? (el.isContentEditable ? 'textContent' : 'value')
  const isProp = name !== undefined || prop in el
  const read = (signal: unknown): unknown => {
    const value = isProp ? place[prop] : (el.getAttribute(prop) ?? '')
    return typeof value === 'string' ? like(signal, value) : value
  }
  return {
    events: el.isContentEditable ? ['input'] : custom ? ['input', 'change'] : ['change'],
    read,
    first: () => read(undefined),
    write(value) {
      if (!isProp) el.setAttribute(prop, String(value ?? ''))
      else if (place[prop] !== value) place[prop] = value
    },
  }
}

function adapterFor(el: HTMLElement, path: string, prop: string | undefined): Adapter {
  if (prop === undefined) {
    if (el instanceof HTMLInputElement) {
      if (el.type === 'checkbox') return checkboxAdapter(el)
      if (el.type === 'radio') return radioAdapter(el, path)
      return textAdapter(el)
    }
    if (el instanceof HTMLTextAreaElement) return textAdapter(el)
    if (el instanceof HTMLSelectElement) return selectAdapter(el)
  }
  return plainAdapter(el, prop, el.localName.includes('-'))
}

/**
 * Whether the user was faster than the runtime, or the browser has put back what he typed
 * before.
 */
function typedEarly(el: HTMLElement): boolean {
  if (document.readyState === 'complete') return false
  if (el instanceof HTMLInputElement && /^(checkbox|radio)$/.test(el.type))
    return el.checked !== el.defaultChecked
  if (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement)
    return el.value !== el.defaultValue
  return (
    el instanceof HTMLSelectElement &&
    [...el.options].some((one) => one.selected && !one.defaultSelected) &&
    el.selectedIndex > 0
  )
}

/** Where a field stands among those with the same binding: that item of a list is its own. */
function place(el: Element, attribute: string): number {
  const name = CSS.escape(attribute)
  const value = CSS.escape(el.getAttribute(attribute) ?? '')
  return [...document.querySelectorAll(`[${name}="${value}"]`)].indexOf(el)
}

const shared = (el: Element): boolean =>
  el instanceof HTMLInputElement && !/^(radio|file)$/.test(el.type)

function bindFile(el: HTMLInputElement, path: string): () => void {
  const changed = (): void => {
    noteEdit(path)
    void Promise.all([...(el.files ?? [])].map(encode)).then((files) => setPath(path, files))
  }
  if (!hasPath(path)) setPath(path, [])
  el.addEventListener('change', changed)
  return () => el.removeEventListener('change', changed)
}

export const bind: AttributePlugin = {
  name: 'bind',
  literal: true,
  apply({ el, attribute, key, value, mods, effect, error }) {
    const path = value || key
    if (!path) throw error('KeyOrValueRequired')
    const prop = mods.has('prop') ? camel([...mods.get('prop')!][0] ?? '') : undefined
    if (prop === '') throw error('BindPropNameMissing')
    if (prop === undefined && el instanceof HTMLInputElement && el.type === 'file')
      return bindFile(el, path)

    const adapter = adapterFor(el, path, prop)
    const own = (): string =>
      shared(el) && Array.isArray(raw(getPath(path))) ? `${path}.${place(el, attribute)}` : path
    const first = adapter.first()
    if (first !== undefined && typedEarly(el))
      untracked(() => setPath(own(), adapter.read(getPath(own()))))
    if (!hasPath(untracked(own))) {
      if (first !== undefined) mergePaths([[path, first]], { ifMissing: true })
      const item = untracked(own)
      if (item !== path && first !== undefined) setPath(item, first)
    }
    const stop = effect(() => adapter.write(getPath(own()) ?? ''))
    const changed = (event: Event): void => {
      const at = untracked(own)
      if (event.isTrusted) noteEdit(path)
      batch(() => setPath(at, adapter.read(untracked(() => getPath(at)))))
    }
    const events = [
      ...(mods.has('event') ? mods.get('event')! : adapter.events),
      'datastar-prop-change',
    ]
    for (const event of events) el.addEventListener(event, changed)
    return () => {
      stop()
      for (const event of events) el.removeEventListener(event, changed)
    }
  },
}
