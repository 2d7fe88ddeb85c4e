// The event stream parser of the HTML standard, over text in any pieces.

export interface StreamEvent {
  event: string
  data: string
  /** The last id the stream has named so far. */
  id: string
}

/** Parses `text/event-stream`. `retry` hears of the field of that name. */
export class StreamParser {
  #rest = ''
  #afterReturn = false
  #event = ''
  #data: string[] = []
  #id: string

  constructor(
    readonly emit: (event: StreamEvent) => void,
    readonly retry: (milliseconds: number) => void,
    lastId = '',
  ) {
    this.#id = lastId
  }

  /** Takes the next piece, already decoded (the decoder drops the byte order mark). */
  feed(piece: string): void {
    if (!piece) return
    // A line feed that completes a carriage return of the piece before.
    const text = this.#rest + (this.#afterReturn && piece[0] === '\n' ? piece.slice(1) : piece)
    this.#afterReturn = false
    let start = 0
    let returned = text.indexOf('\r', this.#rest.length)
    let fed = text.indexOf('\n', this.#rest.length)
    while (returned >= 0 || fed >= 0) {
      const end = returned < 0 || (fed >= 0 && fed < returned) ? fed : returned
      this.#line(text.slice(start, end))
      start = end + 1
      if (end === returned) {
        if (start === text.length) this.#afterReturn = true
        else if (fed === start) start++
        returned = text.indexOf('\r', start)
      }
      if (fed >= 0 && fed < start) fed = text.indexOf('\n', start)
    }
    this.#rest = text.slice(start)
  }

  #line(line: string): void {
    if (!line) {
      if (this.#data.length)
        this.emit({ event: this.#event, data: this.#data.join('\n'), id: this.#id })
      this.#event = ''
      this.#data = []
      return
    }
    const colon = line.indexOf(':')
    if (!colon) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry(Number(value))
  }

  get lastId(): string {
    return this.#id
  }
}

/**
 * The fields of a message: the first word of each data line is the name, repeated names make
 * lines.
 */
export function fields(data: string): Record<string, string> {
  const result: Record<string, string> = {}
  for (const line of data.split('\n')) {
    const space = line.indexOf(' ')
    const name = space < 0 ? line : line.slice(0, space)
    const value = space < 0 ? '' : line.slice(space + 1)
    result[name] = name in result ? `${result[name]}\n${value}` : value
  }
  return result
}
