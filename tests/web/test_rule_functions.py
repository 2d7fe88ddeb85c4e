"""What may be a rule, and whose it is: made functions, objects, those of other applications."""

from dataclasses import dataclass
from functools import partial

import pytest

from helio import App, Routes, Topic, anyone, region, watch
from helio import html as h
from helio.live.rule import Rule
from web.visiting import browser, own, stream

MEMBERS = Topic("members")


def role(name: str) -> Rule:
    async def rule(user: object) -> bool:
        watch(MEMBERS)
        return name in roles

    return rule


roles: set[str] = set()


@pytest.fixture(autouse=True)
def fresh() -> None:
    roles.clear()


@region(allow=role("editor"))
def drafts():
    return h.p["the drafts"]


@region(allow=role("owner"))
def accounts():
    return h.p["the accounts"]


async def test_rules_that_one_function_makes_are_told_apart(app: App) -> None:
    @app.page("/")
    def index():
        return h.main[drafts(), accounts()]

    roles.add("editor")
    async with browser(app) as visitor, stream(app, "/") as opened:
        page = (await visitor.get("/")).text
        assert "the drafts" in page
        assert "the accounts" not in page
        await opened.says("the drafts")
        roles.add("owner")
        app.publish(MEMBERS)
        await opened.says("the accounts")


async def test_rules_without_a_name_are_told_apart(app: App) -> None:
    @region(allow=lambda user: True)
    def shown():
        return h.p["for all to see"]

    @region(allow=lambda user: False)
    def hidden():
        return h.p["for nobody to see"]

    @app.page("/")
    def index():
        return h.main[shown(), hidden()]

    async with browser(app) as visitor:
        page = (await visitor.get("/")).text
        assert "for all to see" in page
        assert "for nobody to see" not in page


@dataclass(frozen=True)
class Role:
    """A rule that is an object."""

    name: str

    async def __call__(self, user: object) -> bool:
        return self.name in roles

    async def method(self, user: object) -> bool:
        return self.name in roles


async def has(name: str, user: object) -> bool:
    return name in roles


@pytest.mark.parametrize("rule", [Role("a"), Role("a").method, partial(has, "a")], ids=str)
async def test_a_rule_is_whatever_can_be_called(app: App, rule: Rule) -> None:
    @app.page("/", allow=rule)
    def index():
        return h.main["here"]

    @app.post("/run", allow=rule)
    def run(): ...

    async with browser(app) as visitor:
        assert (await visitor.get("/")).status_code == 403
        assert (await visitor.post("/run", headers=own())).status_code == 403
        roles.add("a")
        assert (await visitor.get("/")).status_code == 200
        assert (await visitor.post("/run", headers=own())).status_code == 204


@dataclass
class Changing:
    """An object without a hash, by which no question could be told from others."""

    name: str

    def __call__(self, user: object) -> bool:
        return True


@pytest.mark.parametrize("rule", [True, "members", Changing("a")], ids=str)
def test_what_is_no_rule_is_refused_at_once(rule: Rule) -> None:
    with pytest.raises(TypeError, match=r"allow=.* is no rule\. Give a function"):

        @region(allow=rule)
        def board(): ...


async def test_a_rule_takes_lists_of_the_query(app: App) -> None:
    asked: list[object] = []

    async def rule(user: object, tags: list[str]) -> bool:
        asked.append(tags)
        return tags == ["a", "b"]

    @app.page("/", allow=rule)
    def index(tags: list[str]):
        return h.main["here"]

    async with browser(app) as visitor:
        assert (await visitor.get("/?tags=a&tags=b")).status_code == 200
        assert (await visitor.get("/?tags=b")).status_code == 403
    assert asked == [["a", "b"], ["b"]]


async def test_what_two_applications_include_has_the_rule_of_the_one_that_serves_it() -> None:
    routes = Routes()

    @routes.page("/")
    def index():
        return h.main["here"]

    @routes.post("/run")
    def run(): ...

    def no(user: object) -> bool:
        return False

    strict, free = App(allow=no), App(allow=anyone)
    strict.include(routes)
    free.include(routes)
    for app, status in ((strict, 403), (free, 200)):
        async with browser(app) as visitor:
            assert (await visitor.get("/")).status_code == status
            answer = await visitor.post("/run", headers=own())
            assert answer.status_code == (status if status == 403 else 204)
        await app.stop()


def test_an_application_is_mounted_once() -> None:
    root, other, inner = App(), App(), App()
    root.mount("/inner", inner)
    with pytest.raises(ValueError, match="the application is mounted already"):
        other.mount("/inner", inner)
