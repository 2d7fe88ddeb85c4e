"""RFC 7386: the examples of its appendix A, and what holds for every patch."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio.wire import merge_patch

APPENDIX_A = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), APPENDIX_A)
def test_appendix_a(target: Any, patch: Any, result: Any):
    assert merge_patch(target, patch) == result


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def by_the_letter(target: Any, patch: Any) -> Any:
    """The RFC's pseudo-code."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = by_the_letter(target.get(name), value)
        return target
    return patch


@given(target=json_values, patch=json_values)
def test_it_follows_the_letter_and_leaves_its_arguments_alone(target: Any, patch: Any):
    before = copy.deepcopy((target, patch))
    result = merge_patch(target, patch)
    assert (target, patch) == before
    assert result == by_the_letter(copy.deepcopy(target), patch)


def test_depth_costs_no_stack():
    patch: dict[str, Any] = {}
    for _ in range(100_000):
        patch = {"a": patch}
    result = merge_patch({}, patch)
    depth = 0
    while "a" in result:
        result, depth = result["a"], depth + 1
    assert depth == 100_000
    # Taken apart by hand: the interpreter would do it recursively.
    while patch:
        patch = patch.pop("a")
