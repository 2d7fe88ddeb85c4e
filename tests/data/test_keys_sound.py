"""Random rows, statements and writes: whoever's result has changed was told.

The statements are drawn from a grammar that mixes what pins a key with what undoes it; whether one
is recorded by key or as a whole is not asked, only that no change of its result goes unannounced.
"""

import asyncio
import contextlib
from collections.abc import Hashable, Iterable
from types import SimpleNamespace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from helio.data import ConstraintError, Key, SQLite
from helio.html.rendering import use
from helio.live.recorder import Recorder

TYPES = ["integer", "int", "text", "text collate nocase", "text collate rtrim", "", "real", "any"]
KEYS = {"parent": "k", "child": ("k", "p")}

schemas = st.builds(
    lambda k, p, conflict, rowid, action, trigger: (
        f"create table parent (id integer primary key, k {k}, v);"
        f"create table child (id integer{' primary key' if not rowid else ''}, k {p},"
        f" p integer references parent (id) {action}, v unique {conflict}"
        f"{', primary key (id, v)) without rowid' if rowid else ')'};"
        "create view both as select child.k, child.v from child join parent on child.p = parent.id;"
        + trigger
    ),
    st.sampled_from(TYPES),
    st.sampled_from(TYPES),
    st.sampled_from(["", "on conflict replace", "on conflict ignore"]),
    st.booleans(),
    st.sampled_from(
        ["on delete cascade on update cascade", "on delete set null on update set null"]
    ),
    st.sampled_from(
        [
            "",
            "create trigger t after update on parent begin"
            " update child set k = new.k where p = new.id; end;",
            "create trigger t after delete on child begin"
            " insert into parent (k, v) values (old.k, 0); end;",
        ]
    ),
)

# Values of which some are equal and some only look so.
common = st.sampled_from([1, 2, "a", "1"])
values = common | st.sampled_from(
    [None, 0, 1, 2, 3, "1", "2", "a", "A", "a ", " 1", "01", 1.0, 1.5, b"1", True, "é", "É", ""]
)
literals = st.sampled_from(["0", "1", "2", "'1'", "'a'", "'A '", "1.0", "null", "-1", "x'31'"])

columns = st.sampled_from(["t.k"] * 6 + ["k", "k", "t.v", "o.k", '"k"', "+t.k", "(t.k)", "T.[K]"])
operators = st.sampled_from(["=", "=", "=", "=", "==", "is", "<>", ">", "<="])
operands = st.sampled_from(["$", "$", "$", "$"]) | literals
terms = st.one_of(
    st.builds(lambda c, o, v: f"{c} {o} {v}", columns, operators, operands),
    st.builds(lambda v, c: f"{v} = {c}", operands, columns),
    st.builds(lambda c: f"{c} in @", columns),
    st.builds(lambda c, v, w: f"{c} in ({v}, {w})", columns, operands, operands),
    st.builds(lambda c, v: f"{c} = {v} collate nocase", columns, operands),
    st.builds(lambda c, v, w: f"{c} between {v} and {w}", columns, operands, operands),
    st.sampled_from(
        [
            "t.v > 1",
            "t.id in (select id from child where k = $)",
            "exists (select 1 from child where child.k = $ and child.id = t.id)",
            "not exists (select 1 from child)",
            "t.v in (select v from both)",
            "(select count(*) from parent where k = $) > 1",
        ]
    ),
)
conditions = st.recursive(
    terms,
    lambda inside: st.one_of(
        st.builds(lambda a, b: f"{a} and {b}", inside, inside),
        st.builds(lambda a, b: f"{a} and {b}", inside, inside),
        st.builds(lambda a, b: f"{a} or {b}", inside, inside),
        st.builds(lambda a: f"({a})", inside),
        st.builds(lambda a: f"not {a}", inside),
    ),
    max_leaves=4,
)
tables = st.sampled_from(["parent", "child", "child", "child", "both"])
sources = st.one_of(
    st.builds(lambda a: f"{a} t", tables),
    st.builds(
        lambda a, kind, b, on: f"{a} t {kind} {b} o on {on}",
        tables,
        st.sampled_from(["join", "left join", "left join", "right join", "full join"]),
        tables,
        st.one_of(st.sampled_from(["o.k = t.k", "t.v = o.v", "true", "o.k = $"]), conditions),
    ),
    st.builds(
        lambda a, side, b: f"{a} t {side} join {b} o on o.k = $ and o.v >= t.v",
        tables,
        st.sampled_from(["", "left", "right", "full"]),
        tables,
    ),
    st.builds(lambda a, b: f"{a} t, {b} o", tables, tables),
    st.builds(lambda a, b, c: f"{a} t join {b} o using ({c})", tables, tables, st.just("k")),
    st.builds(lambda a, b: f"{a} t natural left join {b} o", tables, tables),
    st.builds(lambda a, c: f"(select * from {a} t where {c}) t", tables, conditions),
)
pinning = st.builds(
    lambda rest: f"t.k = ${rest}", st.just("") | st.builds(lambda c: f" and {c}", conditions)
)
selects = st.builds(
    lambda what, source, where: f"select {what} from {source} where {where}",
    st.sampled_from(
        ["*", "t.k, t.v", "count(*), max(t.v)", "distinct t.v", "t.k, count(*) over ()"]
    ),
    tables.map("{} t".format) | sources,
    pinning | conditions | st.just("true"),
)
statements = st.one_of(
    selects,
    selects,
    st.builds(
        lambda a, b: f"select t.v from child t where {a} union all select k from child t where {b}",
        pinning,
        pinning | conditions,
    ),
    st.builds(lambda s: f"with t as ({s}) select count(*) from t", selects),
    st.builds(
        lambda c: (
            "with recursive r (id) as (select t.id from child t where "
            f"{c} union select t.id from child t join r on t.p = r.id where {c}) select * from r"
        ),
        pinning | conditions,
    ),
)

writes = st.tuples(
    st.sampled_from(
        [
            "insert into parent (k, v) values ($1, $2)",
            "insert into child (k, p, v, id) values ($1, 2, $2, abs($3))",
            "insert into child (k, p, v, id) select k, id, v, id from parent where v is not null",
            "replace into child (k, v, id) values ($1, $2, abs($3))",
            "update child set k = $1 where v > $2",
            "update child set k = $1 where k = $2",
            "update child set v = 'new' || id where k = $1",
            "update or replace child set v = $1 where k = $2",
            "update parent set k = $1",
            "update parent set id = id + 10 where id = abs($1)",
            "delete from child where k = $1",
            "delete from child",
            "delete from parent where k = $1",
            "insert into child (k, v, id) values ($1, $2, 1) on conflict do update set k = $3",
        ]
    ),
    values,
    values,
    st.integers(0, 4),
)
blocks = st.lists(
    st.tuples(st.lists(writes, min_size=1, max_size=3), st.booleans()), min_size=2, max_size=5
)


class Notes:
    def __init__(self) -> None:
        self.topics: set[Hashable] = set()

    def read(self, topic: Hashable) -> None:
        self.topics.add(topic)

    def call(self, child: object) -> None:
        raise AssertionError


class Query:
    """A statement and its arguments, and what was noted when it was last run."""

    def __init__(self, text: str, arguments: list[Any]) -> None:
        self.text = text
        self.arguments = arguments

    async def run(self, db: SQLite) -> tuple[list[Any], set[Hashable]] | None:
        """Rows and topics; None if SQLite does not take the statement."""
        notes = Notes()
        of = SimpleNamespace(key="k", name="region test", kind="region", function=None)
        with use(Recorder(of, notes)):  # type: ignore[arg-type]
            try:
                rows = await db.fetch(self.text, *self.arguments)
            except Exception:
                return None
        return sorted(map(repr, rows)), notes.topics


def query(text: str, single: list[Any], several: list[Any]) -> Query:
    """A drawn statement, in which `$` stands for a value and `@` for a list."""
    arguments: list[Any] = []
    pieces: list[str] = []
    for piece in text:
        if piece in "$@":
            arguments.append(several if piece == "@" else single[len(arguments) % len(single)])
            piece = f"${len(arguments)}"
        pieces.append(piece)
    return Query("".join(pieces), arguments)


queries = st.builds(
    query,
    statements,
    st.lists(values, min_size=1, max_size=3),
    st.lists(values.filter(lambda value: not isinstance(value, bytes)), max_size=3),
)


async def write(db: SQLite, block: list[Any], keep: bool) -> None:
    with contextlib.suppress(ConstraintError, ZeroDivisionError):
        async with db.transaction():
            for sql, *values in block:
                with contextlib.suppress(ConstraintError):
                    await db.execute(sql, *values[: sql.count("$")])
            if not keep:
                raise ZeroDivisionError


numbers = st.sampled_from([0, 1, 7, -7, 12, 2**53 + 1, 2**63 - 1, -(2**63)])
texts = st.builds(
    lambda before, text, after: before + text + after,
    st.sampled_from(["", "", " ", "+", "-", "0"]),
    numbers.map(str) | st.sampled_from(["", "a", "A", "é", "É", "1e1", "7.0", ".7", "0x7", "7\0"]),
    st.sampled_from(["", "", " ", "  ", ".0", "x", "\t"]),
)
anything = st.one_of(
    numbers, texts, numbers.map(float), st.booleans(), texts.map(str.encode), st.just(1.5)
)


def as_text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


likenesses: Any = st.sampled_from(
    [
        lambda value: value,
        lambda value: as_text(value),
        lambda value: as_text(value).swapcase(),
        lambda value: as_text(value) + " ",
        lambda value: float(as_text(value)) if as_text(value).isdecimal() else value,
    ]
)
pairs = st.tuples(anything, anything) | st.builds(
    lambda value, alike: (value, alike(value)), anything, likenesses
)
askings = st.sampled_from(["k = $1", "$1 = k", "k in ($1)", "k in $1", "k in $1", "k = literal"])


layouts = st.sampled_from([*(f"(k {kind})" for kind in TYPES), "(k any) strict"])


@settings(max_examples=400, deadline=None)
@given(layout=layouts, pair=pairs, how=askings)
def test_whoever_finds_a_row_by_its_key_is_told_of_it(layout: str, pair: Any, how: str):
    stored, asked = pair
    literal = asked if isinstance(asked, str) and "\0" not in asked else "7"
    where = how.replace("literal", f"'{literal}'")
    several = [asked, "other"] if not isinstance(asked, bytes) else ["other"]
    arguments = [several if "in $1" in where else asked] if "$1" in where else []
    query = Query(f"select k from t where {where}", arguments)

    async def main() -> None:
        published: set[Hashable] = set()
        db = SQLite(":memory:", f"create table t {layout}", keys={"t": "k"})
        db.start(published.update)
        await query.run(db)
        await db.execute("insert into t (k) values ($1)", stored)
        seen = await query.run(db)
        assert seen is not None
        found, topics = seen
        keyed = any(isinstance(topic, Key) for topic in topics)
        event(f"{'' if found else 'not '}found, {'keyed' if keyed else 'whole'}")
        assert not found or published & topics
        await db.stop()

    asyncio.run(main())


@settings(max_examples=150, deadline=None)
@given(schema=schemas, queries=st.lists(queries, min_size=1, max_size=6), blocks=blocks)
def test_whenever_a_result_changes_one_of_its_topics_was_published(
    schema: str, queries: list[Query], blocks: list[Any]
):
    async def main() -> None:
        published: set[Hashable] = set()

        def publish(topics: Iterable[Hashable]) -> None:
            published.update(topics)

        db = SQLite(":memory:", schema, keys=KEYS)
        db.start(publish)
        await db.execute("insert into parent (k, v) values (1, 1), ('a', 2), (2, 3)")
        await db.execute(
            "insert into child (id, k, p, v) values (1, 1, 1, 1), (2, 'a', 1, 2), (3, 2, 2, 3)"
        )
        for block, keep in blocks:
            before = [(query, await query.run(db)) for query in queries]
            published.clear()
            await write(db, block, keep)
            told = published.copy()
            for query, seen in before:
                now = await query.run(db)
                if seen is None or now is None:
                    event("not taken")
                    continue
                keyed = any(isinstance(topic, Key) for topic in seen[1])
                changed = now[0] != seen[0]
                event(
                    f"{'keyed' if keyed else 'whole'}, {'' if changed else 'un'}changed, "
                    f"{'' if told & seen[1] else 'not '}told"
                )
                assert not changed or told & seen[1], (query.text, query.arguments, block)
        await db.stop()

    asyncio.run(main())
