"""Brackets in forms, in every spelling that Stripe's clients use."""

import pytest

from stripe_standin.protocol import form


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("a[]=1&a[]=2", {"a": {"0": "1", "1": "2"}}),
        ("a[0]=1&a[1]=2", {"a": {"0": "1", "1": "2"}}),
        ("a[0][b]=1&a[0][c]=2", {"a": {"0": {"b": "1", "c": "2"}}}),
        (
            "a[][b]=1&a[][c]=2&a[][b]=3",
            {"a": {"0": {"b": "1", "c": "2"}, "1": {"b": "3"}}},
        ),
        (
            "a[][d][n]=x&a[][q]=1&a[][d][n]=y&a[][q]=2",
            {"a": {"0": {"d": {"n": "x"}, "q": "1"}, "1": {"d": {"n": "y"}, "q": "2"}}},
        ),
        ("metadata[0]=x", {"metadata": {"0": "x"}}),
        ("a=", {"a": ""}),
        ("a=%C2%A3%205", {"a": "£ 5"}),
    ],
)
def test_brackets_become_a_tree(text, tree):
    assert form.parse(text) == tree


@pytest.mark.parametrize("text", ["a[b=1", "]=1", "a]b=1", "a" + "[b]" * 40 + "=1"])
def test_malformed_or_deep_names_are_refused(text):
    with pytest.raises(ValueError, match=r"\w|\]"):
        form.parse(text)


def test_encoding_is_the_inverse():
    tree = {"a": {"b": "1"}, "c": [{"d": "x"}, {"d": "y"}], "e": True}
    back = form.parse(form.encode(tree))
    assert back == {
        "a": {"b": "1"},
        "c": {"0": {"d": "x"}, "1": {"d": "y"}},
        "e": "true",
    }
