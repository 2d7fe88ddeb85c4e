"""Random histories: what was published is what was changed, and nothing uncommitted is seen."""

import asyncio
import contextlib
from collections.abc import Hashable, Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helio.data import ConstraintError, SQLite, Table

TABLES = ["a", "b", "c"]
SCHEMA = "".join(f"create table {name} (x integer unique, y);" for name in TABLES)

writes = st.tuples(
    st.just("write"),
    st.sampled_from(TABLES),
    st.sampled_from(
        [
            "insert into {} values ($1, 0)",
            "insert or ignore into {} values ($1, 0)",
            "update {} set y = y + 1 where x >= $1",
            "delete from {} where x = $1",
            "delete from {} where $1 >= 0",
        ]
    ),
    st.integers(0, 3),
)
reads = st.tuples(st.just("read"))
steps = st.recursive(
    writes | reads,
    lambda inside: st.tuples(st.just("block"), st.lists(inside, max_size=4), st.booleans()),
    max_leaves=8,
)


class Model:
    """Tables as dictionaries, and how often each was changed by what was committed."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, int]] = {name: {} for name in TABLES}
        self.changed: set[str] = set()

    def write(self, table: str, sql: str, value: int) -> None:
        rows = self.rows[table]
        if sql.startswith("insert"):
            if value in rows:
                if "ignore" in sql:
                    return
                raise KeyError
            rows[value] = 0
            self.changed.add(table)
            return
        hit = [x for x in rows if x == value or "where $1" in sql or (">=" in sql and x >= value)]
        for x in hit:
            if sql.startswith("update"):
                rows[x] += 1
            else:
                del rows[x]
        if hit:
            self.changed.add(table)

    def copy(self) -> "Model":
        copy = Model()
        copy.rows = {name: dict(rows) for name, rows in self.rows.items()}
        copy.changed = set(self.changed)
        return copy

    def become(self, other: "Model") -> None:
        self.rows, self.changed = other.rows, other.changed


async def contents(db: SQLite) -> dict[str, dict[int, int]]:
    return {name: dict(await db.fetch(f"select x, y from {name}")) for name in TABLES}


class Undo(Exception):  # noqa: N818 - not an error
    pass


async def play(db: SQLite, step: Any, model: Model) -> None:
    match step:
        case ("write", table, sql, value):
            before = model.copy()
            try:
                model.write(table, sql, value)
            except KeyError:
                model.become(before)
                with contextlib.suppress(ConstraintError):
                    await db.execute(sql.format(table), value)
                    raise AssertionError("SQLite took what the model refuses") from None
            else:
                await db.execute(sql.format(table), value)
        case ("read",):
            assert await contents(db) == model.rows
        case ("block", inside, keep):
            before = model.copy()
            with contextlib.suppress(Undo):
                async with db.transaction():
                    for one in inside:
                        await play(db, one, model)
                    if not keep:
                        raise Undo
            if not keep:
                model.become(before)


def run(history: list[Any], path: str) -> None:
    async def main() -> None:
        published: list[set[str]] = []

        def publish(topics: Iterable[Hashable]) -> None:
            published.append({topic.name for topic in topics if isinstance(topic, Table)})

        db = SQLite(path, SCHEMA)
        db.start(publish)
        model = Model()
        for step in history:
            await play(db, step, model)
            assert set().union(*published) == model.changed
            assert len(published) == (1 if model.changed else 0)
            published.clear()
            model.changed.clear()
        assert await contents(db) == model.rows
        await db.stop()

    asyncio.run(main())


@settings(max_examples=60, deadline=None)
@given(history=st.lists(steps, max_size=12))
def test_in_memory(history: list[Any]):
    run(history, ":memory:")


@settings(max_examples=25, deadline=None)
@given(history=st.lists(steps, max_size=12))
def test_in_a_file(history: list[Any], tmp_path_factory: Any):
    run(history, str(tmp_path_factory.mktemp("history") / "test.db"))


@settings(max_examples=20, deadline=None)
@given(histories=st.lists(st.lists(steps, max_size=6), min_size=2, max_size=5))
def test_side_by_side_nothing_uncommitted_is_ever_seen(
    histories: list[list[Any]], tmp_path_factory: Any
):
    """Each task writes a pair of rows in one transaction; every reader finds them in pairs."""

    async def main() -> None:
        db = SQLite(
            tmp_path_factory.mktemp("pairs") / "test.db", "create table pair (task, step, half)"
        )
        rounds = 0

        def publish(_: object) -> None:
            nonlocal rounds
            rounds += 1

        db.start(publish)
        add = "insert into pair values ($1, $2, $3)"

        async def work(task: int, history: list[Any]) -> int:
            kept = 0
            for number, step in enumerate(history):
                with contextlib.suppress(Undo):
                    async with db.transaction():
                        await db.execute(add, task, number, 1)
                        await asyncio.sleep(0)
                        await db.execute(add, task, number, 2)
                        if step[0] == "block" and not step[2]:
                            raise Undo
                    kept += 1
                halves = await db.fetch("select count(*) as n from pair group by task, step")
                assert all(row.n == 2 for row in halves)
            return kept

        kept = sum(await asyncio.gather(*(work(n, one) for n, one in enumerate(histories))))
        assert await db.fetch_value("select count(*) from pair") == 2 * kept
        assert rounds == kept
        await db.stop()

    asyncio.run(main())
