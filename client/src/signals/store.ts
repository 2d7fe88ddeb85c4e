// The signal store: plain data behind lazy proxies; a signal exists only for what was read
// reactively.
import { batch, computed, onBatchEnd, signal, tracking, untracked } from './reactive'

export type Plain = Record<string, unknown>
type Cell = ReturnType<typeof signal<unknown>>

/** Names that could reach a prototype: never stored, from nowhere. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])
const MUTATORS = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
])

const nodes = new WeakMap<object, Node>()
const raws = new WeakMap<object, object>()
const own = (object: object, key: PropertyKey): boolean => Object.hasOwn(object, key)

export function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const isData = (value: unknown): value is object => Array.isArray(value) || isPlain(value)

/** The plain data behind a proxy of the store, or the value itself. */
export function raw<T>(value: T): T {
  return ((typeof value === 'object' && value !== null && raws.get(value)) || value) as T
}

/** A computed signal at its place in the tree. */
export class Derived {
  constructor(readonly read_: () => unknown) {}
  toJSON(): unknown {
    return this.read_()
  }
}

/** The reactive side of one object or array, and the handler of its proxy. */
class Node implements ProxyHandler<object> {
  readonly proxy_: object
  cells_: Map<string, Cell> | undefined
  keys_: Cell | undefined
  parent_: Node | undefined
  name_ = ''

  constructor(readonly data_: object) {
    this.proxy_ = new Proxy(data_, this)
    raws.set(this.proxy_, data_)
    nodes.set(data_, this)
  }

  track_(key: string): void {
    if (!tracking()) return
    this.cells_ ??= new Map()
    let cell = this.cells_.get(key)
    if (!cell) this.cells_.set(key, (cell = signal((this.data_ as Plain)[key])))
    cell()
  }

  wrap_(value: unknown, key: string): unknown {
    if (!isData(value)) return value
    const node = nodes.get(value) ?? new Node(value)
    node.parent_ = this
    node.name_ = key
    return node.proxy_
  }

  get(target: object, key: string | symbol): unknown {
    if (typeof key === 'symbol') return Reflect.get(target, key)
    const list = Array.isArray(target)
    if (list && MUTATORS.has(key)) return (...args: unknown[]) => this.mutate_(key, args)
    if (!own(target, key)) {
      if (key in target) return Reflect.get(target, key)
      this.track_(key)
      // A signal that nobody declared reads as the empty string; a missing item or hook as
      // undefined.
      return list || key === 'toJSON' ? undefined : ''
    }
    this.track_(key)
    const value = (target as Plain)[key]
    return this.wrap_(value instanceof Derived ? value.read_() : value, key)
  }

  set(target: object, key: string | symbol, value: unknown): boolean {
    if (typeof key === 'symbol') return Reflect.set(target, key, value)
    if (FORBIDDEN.has(key)) return true
    if (own(target, key) && (target as Plain)[key] instanceof Derived) {
      throw new TypeError(`$${[...pathOf(this), key].join('.')} is computed and cannot be set`)
    }
    assign(target, key, raw(value) === value ? unwrap(value) : copy(raw(value)), () => pathOf(this))
    return true
  }

  deleteProperty(target: object, key: string | symbol): boolean {
    if (typeof key === 'string') remove(target, key, () => pathOf(this))
    return true
  }

  has(target: object, key: string | symbol): boolean {
    if (typeof key === 'string') this.track_(key)
    return key in target
  }

  ownKeys(target: object): (string | symbol)[] {
    if (tracking()) (this.keys_ ??= signal<unknown>(0))()
    return Reflect.ownKeys(target)
  }

  mutate_(method: string, args: unknown[]): unknown {
    const list = this.data_ as unknown[]
    return untracked(() =>
      batch(() => {
        const items = method === 'sort' ? args : args.map(unwrap)
        const result = (list as never as Record<string, (...args: unknown[]) => unknown>)[method]!(
          ...items,
        )
        this.refresh_()
        record(pathOf(this), undefined, list)
        return raw(result) === list ? this.proxy_ : result
      }),
    )
  }

  /** After a change behind the proxy's back: every cell takes the value its place holds now. */
  refresh_(): void {
    this.cells_?.forEach((cell, key) => cell((this.data_ as Plain)[key]))
    this.keys_?.({})
  }
}

function pathOf(node: Node): string[] {
  const path: string[] = []
  for (let at = node; at.parent_; at = at.parent_) {
    path.unshift(at.name_)
    // Inside a list a patch can only say the whole list (RFC 7386).
    if (Array.isArray(at.parent_.data_)) path.length = 0
  }
  return path
}

// ---------------------------------------------------------------- changes

const version = signal(0)
let changes = 0
let pending: Plain | undefined

/** Subscribes whoever runs to every change of the store. */
export const anyChange = (): unknown => version()

function record(path: string[], key: string | undefined, value: unknown): void {
  let at = (pending ??= {})
  const names = key === undefined ? path : [...path, key]
  let here: unknown = data
  for (const name of names.slice(0, -1)) {
    here = (here as Plain | undefined)?.[name]
    if (Array.isArray(here) || !isPlain(here)) {
      at[name] = here
      return
    }
    if (!isPlain(at[name])) at[name] = {}
    at = at[name] as Plain
  }
  const last = names.at(-1)
  if (last !== undefined) at[last] = value
}

/** Tells the page what has changed since the last time. */
export function tell(): void {
  if (!pending) return
  const detail = pending
  pending = undefined
  version(++changes)
  document.dispatchEvent(new CustomEvent('datastar-signal-patch', { detail }))
}

onBatchEnd(tell)

/** Sets one value in plain data and tells whoever read it. */
function assign(target: object, key: string, value: unknown, path: () => string[]): void {
  const fresh = !own(target, key)
  const place = target as Plain
  if (!fresh && Object.is(place[key], value)) return
  const length = Array.isArray(target) ? target.length : -1
  place[key] = value
  changed(
    target,
    key,
    value,
    fresh || (length >= 0 && length !== (target as unknown[]).length),
    path,
  )
}

function remove(target: object, key: string, path: () => string[]): void {
  if (!own(target, key)) return
  delete (target as Plain)[key]
  changed(target, key, null, true, path)
}

function changed(
  target: object,
  key: string,
  value: unknown,
  shape: boolean,
  path: () => string[],
): void {
  batch(() => {
    const node = nodes.get(target)
    if (shape && Array.isArray(target)) node?.refresh_()
    else node?.cells_?.get(key)?.((target as Plain)[key])
    if (shape) node?.keys_?.({})
    if (Array.isArray(target)) record(path(), undefined, target)
    else record(path(), key, value)
  })
}

/** Plain data with every proxy inside replaced by what is behind it; itself if there is none. */
function unwrap(value: unknown): unknown {
  const bare = raw(value)
  if (bare !== value || !isData(bare)) return bare
  const place = bare as Plain
  for (const key of Object.keys(place)) {
    const inner = unwrap(place[key])
    if (inner !== place[key] && !Object.isFrozen(place)) place[key] = inner
  }
  return bare
}

/** A deep copy of plain data without forbidden names; `nulls: false` also drops null members. */
export function copy(value: unknown, nulls = true): unknown {
  const bare = raw(value)
  if (Array.isArray(bare)) return bare.map((item) => copy(item))
  if (!isPlain(bare)) return bare instanceof Derived ? bare.read_() : bare
  const result: Plain = {}
  for (const key in bare) {
    const inner = bare[key]
    if (FORBIDDEN.has(key) || (!nulls && inner === null)) continue
    result[key] = typeof inner === 'object' && inner !== null ? copy(inner, nulls) : inner
  }
  return result
}

// ---------------------------------------------------------------- the tree

const data: Plain = {}

/** `$`: every signal of the page. */
export const root = new Node(data).proxy_ as Plain

export interface MergeOptions {
  /** Leave what exists as it is. */
  ifMissing?: boolean
  /** Keep `null` as a value instead of deleting by it: a declaration, not a patch. */
  nulls?: boolean
  /** Leave out the members at these dotted paths. */
  except?: (path: string) => boolean
}

/** Applies a merge patch (RFC 7386): members are merged, arrays replaced, `null` deletes. */
export function mergePatch(patch: Plain, options: MergeOptions = {}): void {
  batch(() => mergeInto(data, patch, options, []))
}

function mergeInto(target: Plain, patch: Plain, options: MergeOptions, path: string[]): void {
  const here = (): string[] => path
  for (const key of Object.keys(patch)) {
    const value = raw(patch[key])
    if (FORBIDDEN.has(key)) continue
    if (options.except && options.except([...path, key].join('.'))) continue
    const present = own(target, key)
    const current = target[key]
    if (current instanceof Derived) continue
    if (value === null && !options.nulls) {
      if (!options.ifMissing) remove(target, key, here)
    } else if (isPlain(value) && isPlain(current)) {
      mergeInto(current, value, options, [...path, key])
    } else if (!present || !options.ifMissing) {
      assign(target, key, copy(value, options.nulls ?? false), here)
    }
  }
}

/** Sets values by dotted path. */
export function mergePaths(paths: Iterable<[string, unknown]>, options: MergeOptions = {}): void {
  const patch: Plain = {}
  for (const [path, value] of paths) place(patch, path, value)
  mergePatch(patch, { nulls: true, ...options })
}

function place(target: Plain, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop()!
  if (FORBIDDEN.has(last) || names.some((name) => FORBIDDEN.has(name))) return
  let at = target
  for (const name of names) at = (isPlain(at[name]) ? at[name] : (at[name] = {})) as Plain
  at[last] = value
}

function walk(start: unknown, path: string): unknown {
  let at = start
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Plain)[name]
  }
  return at
}

/** Reads a signal by dotted path; `undefined` when a level above it does not exist. */
export const getPath = (path: string): unknown => walk(root, path)

/** Whether something is declared at the path, read without subscribing. */
export const hasPath = (path: string): boolean => {
  const value = walk(data, path)
  return value !== undefined
}

/** Sets a signal by dotted path; levels above it are made, list items are set in place. */
export function setPath(path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop()!
  if (FORBIDDEN.has(last) || names.some((name) => FORBIDDEN.has(name))) return
  untracked(() =>
    batch(() => {
      let at = root
      for (const name of names) {
        const inner = own(raw(at), name) ? at[name] : undefined
        if (typeof inner !== 'object' || inner === null) at[name] = {}
        at = at[name] as Plain
      }
      at[last] = value
    }),
  )
}

/** Puts a computed signal at the path; it is read-only and follows what `read` reads. */
export function definePath(path: string, read: () => unknown): void {
  const names = path.split('.')
  const last = names.pop()!
  if (names.length) mergePaths([[names.join('.'), {}]])
  const parent = (names.length ? walk(data, names.join('.')) : data) as Plain
  if (!FORBIDDEN.has(last))
    assign(parent, last, new Derived(computed(() => raw(read()))), () => names)
}

/** Replaces every occurrence of a value by another: used for controllers that are spent. */
export function replaceValue(
  old: unknown,
  value: unknown,
  target: Plain = data,
  path: string[] = [],
): void {
  for (const key of Object.keys(target)) {
    const inner = target[key]
    if (inner === old) assign(target, key, value, () => path)
    else if (isPlain(inner)) replaceValue(old, value, inner, [...path, key])
  }
}

export const allData = (): Plain => data
