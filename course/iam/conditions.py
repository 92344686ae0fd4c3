"""The Condition element: operators with their set operator and IfExists, tested against a request's context.

Several values of a key are joined by OR (for a negated operator: none may match), several keys and operators by AND.
A missing key fails, except for negated operators, IfExists, ForAllValues and Null.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from course.iam.comparisons import COMPARISONS, Comparison
from course.iam.variables import PolicyText

__all__ = ["Condition", "conditions", "parse_operator", "value_texts"]

SET_OPERATORS = ("ForAllValues:", "ForAnyValue:")


def parse_operator(name: str) -> tuple[str, str, bool]:
    """("ForAllValues:" or "ForAnyValue:" or "", the plain operator, has IfExists); ValueError for an unknown operator."""
    quantifier = next((prefix for prefix in SET_OPERATORS if name.startswith(prefix)), "")
    plain = name[len(quantifier) :]
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    if plain not in COMPARISONS:
        near = get_close_matches(plain, COMPARISONS, 1)
        raise ValueError(f"there is no condition operator {name}" + (f"; perhaps {near[0]} is meant" if near else ""))
    if plain == "Null" and if_exists:
        raise ValueError("Null cannot be combined with IfExists: it tests for the key itself")
    return quantifier, plain, if_exists


def value_texts(values: Any) -> list[str]:
    """The values of a condition as a list of texts: JSON numbers and Booleans need no quotation marks."""
    listed = values if isinstance(values, list) else [values]
    return [value if isinstance(value, str) else str(value).lower() for value in listed]


class Condition:
    """One operator with one key: `holds(context)` for a context of lower-case keys and tuples of values."""

    __slots__ = ("operator", "key", "values", "holds", "_lowered")

    def __init__(self, operator: str, key: str, values: Sequence[str], with_variables: bool):
        quantifier, plain, if_exists = parse_operator(operator)
        comparison = COMPARISONS[plain]
        self.operator, self.key, self.values, self._lowered = operator, key, list(values), key.lower()
        if plain == "Null":
            self.holds = _presence(self._lowered, [comparison.prepare(value) for value in values])
        else:
            tests = _tests(comparison, [PolicyText(value, with_variables) for value in values])
            self.holds = _holds(self._lowered, quantifier, comparison.negated, if_exists, tests)

    def seen(self, context: Mapping[str, tuple[str, ...]]) -> list[str] | None:
        """The values of the key in the request; None when the key is absent."""
        return list(context[self._lowered]) if context.get(self._lowered) else None


def conditions(element: Mapping[str, Mapping[str, Any]], with_variables: bool) -> tuple[Condition, ...]:
    """The conditions of a Condition element, all of which must hold."""
    return tuple(
        Condition(operator, key, value_texts(values), with_variables)
        for operator, keys in element.items()
        for key, values in keys.items()
    )


Tests = Callable[[Mapping], list[Callable[[str], bool]]]


def _tests(comparison: Comparison, texts: list[PolicyText]) -> Tests:
    """A function from the context to the tests of the policy's values; a value with an empty variable has none."""
    prepare, takes = comparison.prepare, comparison.takes
    if takes == "value" or all(text.fixed for text in texts):
        fixed = [
            prepare(text.text if takes == "value" else text.pieces({}) if takes == "pieces" else text.exact({}))
            for text in texts
        ]
        return lambda context: fixed

    def filled(context: Mapping) -> list[Callable[[str], bool]]:
        found = [text.pieces(context) if takes == "pieces" else text.exact(context) for text in texts]
        tests = []
        for value in found:
            try:
                if value is not None:
                    tests.append(prepare(value))
            except ValueError:
                continue  # a variable's value of the wrong type, such as a Bool that is a name, equals nothing
        return tests

    return filled


def _holds(key: str, quantifier: str, negated: bool, if_exists: bool, tests: Tests) -> Callable[[Mapping], bool]:
    missing = if_exists or (negated if not quantifier else quantifier == "ForAllValues:")
    every = quantifier == "ForAllValues:" or (negated and not quantifier)

    def holds(context: Mapping[str, tuple[str, ...]]) -> bool:
        values = context.get(key)
        if not values:
            return missing
        if quantifier and not any(values):
            # "... or if the context key value resolves to a null dataset, such as an empty string"
            return every
        filled = tests(context)
        if len(values) == 1:
            value = values[0]
            return negated != any(test(value) for test in filled)
        fits = (negated != any(test(value) for test in filled) for value in values)
        return all(fits) if every else any(fits)

    return holds


def _presence(key: str, tests: list[Callable[[str], bool]]) -> Callable[[Mapping], bool]:
    def holds(context: Mapping[str, tuple[str, ...]]) -> bool:
        absent = "false" if any(context.get(key, ())) else "true"
        return any(test(absent) for test in tests)

    return holds
