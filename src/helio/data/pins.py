"""Pins: the conditions of a statement that say which key of a table it reads.

A use of a table in a `select` is pinned when the condition of its `where`, or of the join that
brings the table in, has `key = $1` (or a literal; or `key in $1`) as a term that must be true.
Then no row with another key can take part in any row of the result, and nothing that is made of
those rows, however they are grouped, ordered or cut, depends on it.

Whatever is not surely so leaves the whole table: a use that is not seen, or seen wrongly, would
lose changes. So only shapes that are named here count, and every place in the statement where
the table's name stands must be one of them.
"""

import re
from collections.abc import Iterator, Mapping

from sqlglot import exp, parse_one

from .driver import Value
from .keys import KeyColumn, KeyedRead, Pin, fold

_QUERY = re.compile(r"[\s(]*(select|with|values)\b", re.IGNORECASE)
_SIDES = frozenset({"", "LEFT"})
_KINDS = frozenset({"", "INNER", "OUTER", "CROSS"})
_MOST_DIGITS = 18  # Of an integer literal that is one in SQLite too, and not a real number.


def keyed_reads(
    text: str, tables: Mapping[str, tuple[KeyColumn, ...]], hiding: frozenset[str]
) -> dict[str, KeyedRead]:
    """How a query reads these tables.

    `text` is as `Placeholders.bare`; the statement is known to compile, and to read the tables.
    `hiding` are names behind which one of them may be read unseen.
    """
    query = _parse(text)
    if query is None or any(fold(table.name) in hiding for table in query.find_all(exp.Table)):
        return {name: KeyedRead(columns) for name, columns in tables.items()}
    return {
        name: KeyedRead(columns, _uses(query, fold(name), columns))
        for name, columns in tables.items()
    }


def _parse(text: str) -> exp.Query | None:
    if not _QUERY.match(text):
        return None
    try:
        parsed = parse_one(text, dialect="sqlite")
    except Exception:  # Nothing the parser thinks of a text may keep SQLite from running it.
        return None
    return parsed if isinstance(parsed, exp.Query) else None


def _uses(
    query: exp.Query, name: str, columns: tuple[KeyColumn, ...]
) -> tuple[tuple[Pin, ...], ...]:
    """The pins of each use of a table; nothing if there is a use without, or not understood."""
    uses: list[tuple[Pin, ...]] = []
    for identifier in query.find_all(exp.Identifier):
        if fold(identifier.name) != name:
            continue
        around = identifier.parent
        if isinstance(around, exp.Table) and identifier.arg_key == "this":
            pins = tuple(_pins(around, columns))
            if not pins:
                return ()
            uses.append(pins)
        elif not _names_a_column(around):
            return ()
    return tuple(uses)


def _names_a_column(around: exp.Expr | None) -> bool:
    """Whether an identifier in this place names a column or whose column it is, and no table."""
    match around:
        case exp.Column():
            return around.arg_key != "field"  # `x in name` reads a table.
        case exp.Alias():
            return True
        case _:
            return False


def _pins(use: exp.Table, columns: tuple[KeyColumn, ...]) -> Iterator[Pin]:
    place = use.parent
    if not isinstance(place, exp.From | exp.Join) or not isinstance(place.parent, exp.Select):
        return
    select = place.parent
    joins: list[exp.Join] = select.args.get("joins") or []
    if any(join.side not in _SIDES or join.kind not in _KINDS for join in joins):
        return
    names = _names(use, select, joins)
    conditions = [select.args.get("where"), place.args.get("on")]
    terms = [term for condition in conditions for term in _terms(condition)]
    for column in columns:
        for term in terms:
            pin = _pin(term, column, names)
            if pin:
                yield pin


def _names(use: exp.Table, select: exp.Select, joins: list[exp.Join]) -> frozenset[str]:
    """What a column of this use may be qualified with; "" stands for nothing."""
    first = select.args.get("from_")
    sources = [place.this for place in (first, *joins) if isinstance(place, exp.From | exp.Join)]
    own = fold(use.alias_or_name)
    names = {own} if [fold(one.alias_or_name) for one in sources].count(own) == 1 else set[str]()
    # A column of two tables cannot be named alone, SQLite refuses that; but where a join makes
    # one of both, the name does not say of which table it is.
    if not any(join.method or join.args.get("using") for join in joins):
        names.add("")
    return frozenset(names)


def _terms(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The terms of which every one must be true."""
    match condition:
        case None:
            pass
        case exp.Where() | exp.Paren():
            yield from _terms(condition.this)
        case exp.And():
            yield from _terms(condition.left)
            yield from _terms(condition.right)
        case _:
            yield condition


def _pin(term: exp.Expr, column: KeyColumn, names: frozenset[str]) -> Pin | None:
    match term:
        case exp.EQ():
            for one, other in ((term.left, term.right), (term.right, term.left)):
                if _is_column(one, column, names):
                    return _pinned(column, [other])
        case exp.In() if _is_column(term.this, column, names):
            given = {name for name, value in term.args.items() if value}
            if given == {"this", "expressions"}:
                return _pinned(column, term.expressions)
        case _:
            pass
    return None


def _is_column(node: exp.Expr, column: KeyColumn, names: frozenset[str]) -> bool:
    return (
        isinstance(node, exp.Column)
        and not node.db
        and fold(node.name) == fold(column.name)
        and fold(node.table) in names
    )


def _pinned(column: KeyColumn, operands: list[exp.Expr]) -> Pin | None:
    """The pin to these operands, if each is an argument or a plain literal."""
    literals: list[Value] = []
    arguments: list[int] = []
    lists: list[int] = []
    for operand in operands:
        match operand:
            case exp.Placeholder(this=str(name)):
                (lists if name[0] == "l" else arguments).append(int(name[1:]))
            case exp.Literal(this=str(text)) if operand.is_string:
                literals.append(text)
            case exp.Literal(this=str(text)) if text.isdigit() and len(text) <= _MOST_DIGITS:
                literals.append(int(text))
            case _:
                return None
    return Pin(column, tuple(literals), tuple(arguments), tuple(lists))
