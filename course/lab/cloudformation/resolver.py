"""The value of a part of a template, with what is known so far: its functions and conditions resolved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .functions import FUNCTIONS, SUPPORTED, function_of, true
from .template_text import Invalid
from .values import NO_VALUE


class Resolver:
    """Resolves parts of one template. What it asks: `parameters`, `pseudo` (AWS::Region ...) by name, and

    resource(name) -> its Ref; attribute(name, attribute); exported(name) -> the value of an export; zones(region).
    """

    def __init__(
        self,
        template: dict[str, Any],
        parameters: dict[str, Any],
        pseudo: dict[str, Any],
        resource: Callable[[str], Any],
        attribute: Callable[[str, str], Any],
        exported: Callable[[str], Any],
        zones: Callable[[str], list[str]],
        within_text: Callable[[str], Any] = lambda value: value,
    ):
        self.template, self.parameters, self.pseudo = template, parameters, pseudo
        self.resource, self.attribute, self.exported, self.zones = resource, attribute, exported, zones
        self.within_text = within_text
        self._conditions: dict[str, bool] = {}

    def __call__(self, part: Any) -> Any:
        """The value of a part; AWS::NoValue inside lists and maps is gone."""
        name = function_of(part)
        if name == "Condition":
            return self.condition(part[name])
        if name is not None:
            if name not in FUNCTIONS:
                raise Invalid(
                    f"Encountered unsupported function: {name} Supported functions are: [{', '.join(SUPPORTED)}]"
                )
            value = FUNCTIONS[name](self, part[name])
            return self.within_text(value) if isinstance(value, str) else value
        if isinstance(part, dict):
            found = {key: self(one) for key, one in part.items()}
            return {key: one for key, one in found.items() if one is not NO_VALUE}
        if isinstance(part, list):
            return [one for one in map(self, part) if one is not NO_VALUE]
        return self.within_text(part) if isinstance(part, str) else part

    def condition(self, name: str) -> bool:
        """Whether a condition of the template holds."""
        if name not in self._conditions:
            conditions = self.template.get("Conditions", {})
            if name not in conditions:
                raise Invalid(
                    f"Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
                )
            self._conditions[name] = False  # a circle of conditions ends here; the check has refused it
            self._conditions[name] = true(self(conditions[name]))
        return self._conditions[name]
