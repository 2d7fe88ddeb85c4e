// From expressions to functions: $names and @actions are rewritten token by token, and all
// expressions of one scan are compiled by one call.
import { HelioError } from './errors'
import { tokenize, type Token } from './tokenizer'

export interface Source {
  text: string
  /** Whether the value of the last statement is the result. */
  returns: boolean
  /** Names of further arguments, after `el`, `$` and `__action`. */
  args: readonly string[]
}

export type Compiled = (el: Element, root: unknown, action: unknown, ...args: unknown[]) => unknown

/** An expression that does not compile, with the place where it stops making sense. */
export class SyntaxProblem extends HelioError {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super('GenerateExpression', message)
  }
}

const STATEMENT = /^(if|for|while|do|switch|try|throw|return|const|let|var|break|continue|\{)$/
/** A signal's name: segments joined by dots; a hyphen belongs to it before a letter. */
const SIGNAL =
  /\$[\p{ID_Continue}$]+(?:-(?=[a-z_])[\p{ID_Continue}$]+)*(?:\.[\p{ID_Continue}$]+(?:-(?=[a-z_])[\p{ID_Continue}$]+)*)*/iuy

/** The body of a function for an expression. */
export function rewrite({ text, returns }: Source, tokens: readonly Token[]): string {
  const cut = returns ? lastStatement(text, tokens) : -1
  let code = ''
  let at = 0
  tokens.forEach((token, index) => {
    if (token.start < at) return // Inside of a name that is already written.
    const word = text.slice(token.start, token.end)
    if (token.start === cut) code += 'return ('
    if (cut >= 0 && token.start > cut && token.depth === 0 && word === ';') {
      at = token.end
      return
    }
    at = token.end
    if (
      token.kind === 'name' &&
      word[0] === '$' &&
      word.length > 1 &&
      word[1] !== '$' &&
      text[token.start - 1] !== '.'
    ) {
      SIGNAL.lastIndex = token.start
      SIGNAL.test(text)
      at = SIGNAL.lastIndex
      code += `$${text
        .slice(token.start + 1, at)
        .split('.')
        .map((name) => `['${name}']`)
        .join('')}`
    } else if (word === '@' && tokens[index + 1]?.kind === 'name') {
      const name = tokens[index + 1]!
      const paren = tokens.slice(index + 2).find((next) => next.kind !== 'space')
      if (paren && text[paren.start] === '(') {
        const first = tokens.slice(tokens.indexOf(paren) + 1).find((next) => next.kind !== 'space')
        const evt = first && text[first.start] === ')' ? 'evt' : 'evt,'
        code += `__action("${text.slice(name.start, name.end)}",${evt}`
        at = paren.end
      } else code += word
    } else code += word
  })
  return cut < 0 ? code : `${code}\n)`
}

/** Where the last statement begins, if its value can be returned; else -1. */
function lastStatement(text: string, tokens: readonly Token[]): number {
  let first: Token | undefined
  let ended = true
  for (const token of tokens) {
    if (token.kind === 'space') continue
    if (token.depth === 0 && text[token.start] === ';') ended = true
    else if (ended) {
      first = token
      ended = false
    }
  }
  if (!first) return -1
  const word = text.slice(first.start, first.end)
  // `{…}` at the start of a value is an object; anywhere else the words of a statement are one.
  return STATEMENT.test(word) && !(word === '{' && text.trimStart()[0] === '{') ? -1 : first.start
}

const cache = new Map<string, Compiled>()
const CACHE_LIMIT = 5000
const keyOf = ({ text, returns, args }: Source): string =>
  `${returns ? 1 : 0}${args.join()}|${text}`
const parameters = (args: readonly string[]): string =>
  ['el', '$', '__action', 'evt', ...args.filter((arg) => arg !== 'evt')].join()

/**
 * Compiles all that are not known yet with one call; what does not compile is left for
 * `compiled`.
 */
export function compileAll(sources: Iterable<Source>): void {
  const fresh = new Map<string, string>()
  for (const source of sources) {
    const key = keyOf(source)
    if (cache.has(key) || fresh.has(key)) continue
    const { list, broken } = tokenize(source.text)
    // An unmatched bracket could reach into its neighbours.
    if (broken === undefined)
      fresh.set(key, `function(${parameters(source.args)}){{${rewrite(source, list)}\n}}`)
  }
  if (!fresh.size) return
  try {
    const functions = Function(`return [${[...fresh.values()].join()}]`)() as Compiled[]
    if (functions.length === fresh.size)
      [...fresh.keys()].forEach((key, at) => remember(key, functions[at]!))
  } catch {
    // One of them is no JavaScript: each is compiled alone when it is asked for, and that one
    // reports.
  }
}

function remember(key: string, compiled: Compiled): Compiled {
  if (cache.size >= CACHE_LIMIT) cache.clear()
  cache.set(key, compiled)
  return compiled
}

/** The function of an expression. Raises `SyntaxProblem` if it is none. */
export function compiled(source: Source): Compiled {
  const key = keyOf(source)
  const known = cache.get(key)
  if (known) return known
  const { list, broken } = tokenize(source.text)
  const names = parameters(source.args).split(',')
  try {
    return remember(key, Function(...names, `{${rewrite(source, list)}\n}`) as Compiled)
  } catch (cause) {
    const message = (cause as Error).message
    throw new SyntaxProblem(message, broken ?? locate(source, list, names, message))
  }
}

/** The first token with which the engine begins to complain as it does of the whole. */
function locate(
  source: Source,
  tokens: readonly Token[],
  names: string[],
  message: string,
): number {
  const quoted = /'(.+)'/.exec(message)?.[1]
  for (const token of tokens.slice(0, 400)) {
    if (quoted && !source.text.startsWith(quoted, token.start)) continue
    try {
      const text = source.text.slice(0, token.start + (quoted?.length ?? token.end - token.start))
      Function(...names, `{${rewrite({ ...source, text }, tokenize(text).list)}\n}`)
    } catch (cause) {
      if ((cause as Error).message === message) return token.start
    }
  }
  return 0
}
