// Errors: one table of messages by code, and one readable report per failing binding.

/**
 * Replaced by the build: the production bundle carries codes only, the development bundle says
 * more.
 */
declare const DEV: boolean

const messages = {
  KeyNotAllowed: 'takes no key (":name")',
  KeyRequired: 'needs a key (":name")',
  ValueNotAllowed: 'takes no value',
  ValueRequired: 'needs a value',
  KeyAndValueProvided: 'takes a key or a value, not both',
  KeyOrValueRequired: 'needs a key or a value',
  UndefinedAction: 'no action has this name',
  GenerateExpression: 'this is not a valid expression',
  ExecuteExpression: 'the expression failed',
  FetchNoUrlProvided: 'the action needs a URL',
  FetchFormNotFound:
    "contentType 'form' needs a form: put the element in one, or name it by selector",
  FetchInvalidContentType: "contentType must be 'json' or 'form'",
  FetchExpectedTextEventStream:
    'the answer has a type that cannot be applied (event stream, HTML, JSON and JavaScript can)',
  FetchFailed: 'the request failed',
  PatchElementsInvalidMode:
    'mode must be outer, inner, replace, prepend, append, before, after or remove',
  PatchElementsExpectedSelector: 'this mode needs a selector',
  PatchElementsInvalidNamespace: 'namespace must be html, svg or mathml',
  PatchElementsNoTargetsFound: 'nothing on the page to patch',
  MountTargetNotFound:
    'nothing on the page has this name: write slot("name") where it goes, or name a part or an id',
  TooManyPlaces: 'a tab is present at 32 places at most: the others are not told',
  TooManyMounts: 'the first of them are kept current no longer: unmount what is seen no more',
  PatchSignalsExpectedSignals: 'a signals patch must be a JSON object',
  ComputedExpectedFunction: 'every leaf of data-computed="{…}" must be a function',
  BindPropNameMissing: '__prop needs the name of a property',
  InvalidEffect: 'the event carries no usable detail',
}

export type Code = keyof typeof messages

export class HelioError extends Error {
  override name = 'HelioError'
  constructor(
    readonly code: Code,
    detail = '',
  ) {
    super(code + (DEV ? `: ${messages[code]}` : '') + (detail && ` (${detail})`))
  }
}

/** An error by its code; what plugins get as `error`. */
export const problem = (code: Code, detail: unknown = ''): Error =>
  new HelioError(code, String(detail))

export function fail(code: Code, detail?: unknown): never {
  throw problem(code, detail)
}

export interface Place {
  el?: Element | undefined
  /** The attribute as written. */
  attribute?: string | undefined
  /** The expression as written. */
  source?: string | undefined
  /** Where in the expression, if known. */
  at?: number | undefined
}

/** Where an element is, as a path that a reader can find: `main > form#add > button.primary`. */
export function pathTo(el: Element): string {
  const names: string[] = []
  for (let at: Element | null = el; at && names.length < 5; at = at.parentElement) {
    const first = at.classList[0]
    names.unshift(at.localName + (at.id ? `#${at.id}` : first ? `.${first}` : ''))
    if (at.id) break
  }
  return names.join(' > ')
}

function caret({ source, at }: Place): string {
  if (!source) return ''
  const position = Math.min(at ?? 0, source.length)
  const start = source.lastIndexOf('\n', position - 1) + 1
  const end = source.indexOf('\n', position)
  const from = Math.max(start, position - 60)
  const line = source.slice(from, Math.min(end < 0 ? source.length : end, from + 120))
  return `\n  ${line}\n  ${line.slice(0, position - from).replace(/\S/g, ' ')}^`
}

/** Where in an expression the engine's message points to, as far as the message says. */
function blamed(source: string, message: string): number | undefined {
  const name = /reading '([^']+)'|^([\w$]+) is not defined|\.([\w$]+) is not a function/.exec(
    message,
  )
  const found = name ? source.indexOf((name[1] ?? name[2] ?? name[3])!) : -1
  return found < 0 ? undefined : found
}

/** Tells the console what failed and where, as one message. */
export function report(place: Place, cause: unknown): void {
  const message = cause instanceof Error ? cause.message : String(cause)
  const where = [place.attribute, place.el && `on ${pathTo(place.el)}`].filter(Boolean).join(' ')
  const at = place.at ?? (place.source ? blamed(place.source, message) : undefined)
  console.error(
    `[helio] ${where && `${where}: `}${message}${caret({ ...place, at })}`,
    ...(cause instanceof HelioError ? [] : [cause]),
  )
}
