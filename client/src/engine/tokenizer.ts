// Splits JavaScript source into tokens: enough to tell code from strings, templates, regular
// expressions and comments, and to know which brackets belong together.

export type Kind = 'name' | 'number' | 'text' | 'regex' | 'punctuation' | 'space'

export interface Token {
  kind: Kind
  start: number
  end: number
  /** How many brackets are open before it. */
  depth: number
}

export interface Tokens {
  list: Token[]
  /** Where the source stops making sense, if it does: an open string or an unmatched bracket. */
  broken: number | undefined
}

const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy
const NUMBER = /\.?\d[\w.]*/y
const QUOTED = /(["'])(?:(?!\1)[^\\\n\r]|\\[^])*\1/y
const REGEX = /\/(?![*/])(?:[^\\/[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[a-z]*/iy
const PUNCTUATION = /\+\+|--|[^]/y

/** After these words an expression begins, so a slash begins a regular expression. */
const OPERATORS =
  /^(return|typeof|instanceof|in|of|new|delete|void|throw|case|do|else|yield|await)$/
const OPENS = '([{'
const CLOSES = ')]}'

/**
 * Text pieces of a template literal are tokens of kind `text`; what stands in `${…}` is
 * tokenised.
 */
export function tokenize(source: string): Tokens {
  const list: Token[] = []
  const open: string[] = []
  let broken: number | undefined
  let at = 0
  let value = false // whether the last token ended a value, so that a slash divides

  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at
    return pattern.test(source) ? pattern.lastIndex : -1
  }
  const push = (kind: Kind, end: number): void => {
    list.push({ kind, start: at, end, depth: open.length })
    at = end
  }
  /** From a backtick or from the brace that ends a substitution, to the next of either. */
  const template = (): void => {
    let end = at + 1
    for (; end < source.length; end++) {
      const sign = source[end]
      if (sign === '\\') end++
      else if (sign === '`') {
        push('text', end + 1)
        value = true
        return
      } else if (sign === '$' && source[end + 1] === '{') {
        push('text', end + 2)
        open.push('`')
        value = false
        return
      }
    }
    broken ??= at
    push('text', source.length)
  }

  while (at < source.length) {
    const sign = source[at]!
    let end: number
    if ((end = match(SPACE)) > 0) push('space', end)
    else if (sign === '"' || sign === "'") {
      if ((end = match(QUOTED)) < 0) {
        broken ??= at
        end = source.length
      }
      push('text', end)
      value = true
    } else if (sign === '`') template()
    else if (sign === '}' && open.at(-1) === '`') {
      open.pop()
      template()
    } else if ((end = match(NAME)) > 0) {
      value = !OPERATORS.test(source.slice(at, end)) || source[at - 1] === '.'
      push('name', end)
    } else if ((end = match(NUMBER)) > 0) {
      push('number', end)
      value = true
    } else if (sign === '/' && !value && (end = match(REGEX)) > 0) {
      push('regex', end)
      value = true
    } else if (OPENS.includes(sign)) {
      push('punctuation', at + 1)
      open.push(sign)
      value = false
    } else if (CLOSES.includes(sign)) {
      if (open.pop() !== OPENS[CLOSES.indexOf(sign)]) broken ??= at
      push('punctuation', at + 1)
      value = sign !== '}'
    } else {
      end = match(PUNCTUATION)
      const text = source.slice(at, end)
      // `x++ / 2` divides; `a + /x/` does not.
      value = value && (text === '++' || text === '--')
      push('punctuation', end)
    }
  }
  if (open.length) broken ??= source.length
  return { list, broken }
}
