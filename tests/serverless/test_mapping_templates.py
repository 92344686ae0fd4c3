"""Mapping templates without directives."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.mapping_templates import Directive, TemplateInput, json_path, render

GIVEN = TemplateInput(
    json.dumps({"name": "Kim", "toys": [{"n": 1}, {"n": 2}], "text": 'say "hi"'}),
    {"path": {"id": "7"}, "querystring": {"page": "2", "id": "q"}, "header": {"X-Own": "x"}},
    {"requestId": "r1", "identity": {"sourceIp": "198.51.100.7"}},
    {"colour": "red"},
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$input.body", GIVEN.body),
        ("$input.json('$.name')", '"Kim"'),
        ("$input.json('$')", json.dumps(json.loads(GIVEN.body), separators=(",", ":"))),
        ("$input.path('$.name')", "Kim"),
        ("$input.path('$.toys[1].n')", "2"),
        ("$input.path('$').name", "Kim"),
        ("$input.params('id')", "7"),
        ("$input.params('page')-$input.params('none')", "2-"),
        ("$input.params().header.get('X-Own')", "x"),
        ("$context.requestId ${context.identity.sourceIp}", "r1 198.51.100.7"),
        ("$stageVariables.colour$stageVariables['colour']", "redred"),
        ("$util.escapeJavaScript($input.path('$.text'))", 'say \\"hi\\"'),
        ("$util.base64Decode($util.base64Encode('a b'))", "a b"),
        ("$util.urlEncode('a b&c')", "a+b%26c"),
        ("$nothing.here costs $5", "$nothing.here costs $5"),
        ("a ## a comment\nb", "a b"),
        ('{"statusCode": 200}', '{"statusCode": 200}'),
    ],
)
def test_references(template, text):
    """What does each reference stand for?"""
    assert render(template, GIVEN) == text


@pytest.mark.parametrize("template", ["#set($a = 1)", "#if($x)y#end", "#foreach($a in $b)$a#end"])
def test_directives_are_not_here(template):
    """Is a template with directives refused, rather than evaluated wrongly?"""
    with pytest.raises(Directive):
        render(template, GIVEN)


@given(st.text("$input.jsonpath('{}[]#!)(,ab 1", max_size=30))
def test_any_template_ends(template):
    """Does any template end in a text or the refusal?"""
    try:
        assert isinstance(render(template, GIVEN), str)
    except Directive:
        pass


def test_json_path():
    """Does a path find names and numbers, and nothing where there is nothing?"""
    document = {"a": [{"b-c": 1}], "d e": 2}
    assert [json_path(document, path) for path in ("$.a[0].b-c", "$['d e']", "$.x.y", "$.a[9]")] == [1, 2, None, None]
