"""The resources of a REST API: a tree of path parts.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings-method-request.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value
from course.serverless.api_routes import is_greedy, is_variable

from ..gate import Call, Refused, answers, corrects, refuses
from .found import missing, resource, rest_api
from .moto_models import rest
from .patches import patches
from .wire import shaped

PATH_PART = re.compile(r"[a-zA-Z0-9._\-:$]+|\{[a-zA-Z0-9._\-:]+\+?\}")


@refuses("apigateway", "CreateResource")
def impossible_resource(call: Call) -> None:
    """A parent that is not there or greedy, a path part that is none, a name that a sibling has."""
    api = rest_api(call)
    parent = api.resources.get(call.params["parentId"])
    if parent is None:
        raise missing("Resource")
    part = call.params.get("pathPart")
    if not part:
        raise Refused("BadRequestException", "Resource's path part must be specified")
    if not PATH_PART.fullmatch(part):
        raise Refused(
            "BadRequestException",
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
            "beginning and the end.",
        )
    require_place(api, parent, part)
    most = value("apigateway.rest.resources")
    if len(api.resources) >= most:
        raise Refused(
            "LimitExceededException",
            f"Maximum number of Resources for this API has been reached: {most}. Please contact AWS if you need "
            "additional Resources.",
            429,
        )


def require_place(api: rest.RestAPI, parent: rest.Resource, part: str, moved: str = "") -> None:
    """Whether a resource with this path part can stand below the parent."""
    if is_greedy(parent.path_part):
        raise Refused(
            "BadRequestException",
            f"Cannot create a child of a resource with a greedy path variable: {parent.path_part}",
        )
    siblings = [one.path_part for one in api.resources.values() if one.parent_id == parent.id and one.id != moved]
    if part in siblings:
        raise Refused("ConflictException", f"Another resource with the same parent already has this name: {part}", 409)
    variable = next((one for one in siblings if is_variable(one)), None)
    if is_variable(part) and variable:
        raise Refused(
            "BadRequestException",
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed",
        )


@refuses("apigateway", "GetResource", "DeleteResource", "UpdateResource")
def missing_resource(call: Call) -> None:
    """The resource must be there."""
    resource(call)


@refuses("apigateway", "DeleteResource")
def root_resource(call: Call) -> None:
    """An API keeps its root."""
    if resource(call).parent_id is None:
        raise Refused("BadRequestException", "The root resource cannot be deleted.")


@corrects("apigateway", "DeleteResource")
def children_go_with_their_parent(call: Call, result: Any) -> None:
    """What stood below the resource is gone as well."""
    held = rest_api(call).resources
    while orphans := [one.id for one in held.values() if one.parent_id is not None and one.parent_id not in held]:
        for orphan in orphans:
            del held[orphan]


@answers("apigateway", "UpdateResource")
def update_resource(call: Call) -> dict:
    """Rename a resource or hang it elsewhere in the tree."""
    api, moved = rest_api(call), resource(call)
    part, parent = moved.path_part, api.resources.get(moved.parent_id)
    for patch in patches(call, {"/parentId": "replace", "/pathPart": "replace"}):
        if parent is None:
            raise Refused("BadRequestException", "The root resource cannot be changed.")
        if patch.path == "/pathPart":
            part = patch.value
        else:
            parent = api.resources.get(patch.value)
            if parent is None:
                raise missing("Resource")
            above = parent
            while above is not None:
                if above.id == moved.id:
                    raise Refused("BadRequestException", "Resources cannot be cyclical.")
                above = api.resources.get(above.parent_id)
    if parent is not None:
        require_place(api, parent, part, moved.id)
        moved.path_part, moved.parent_id = part, parent.id
    return shaped(call, moved.to_dict())
