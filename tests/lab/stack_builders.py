"""Stacks for the tests: created, updated and looked at."""

import json

import pytest


def every_stack(cloudformation):
    """Every stack with its events and change sets."""
    seen = cloudformation.list_stacks()
    for one in seen["StackSummaries"]:
        stack = {"StackName": one["StackId"]}
        shown = [cloudformation.describe_stacks(**stack), cloudformation.describe_stack_events(**stack)]
        seen[one["StackId"]] = [*shown, cloudformation.list_change_sets(**stack)]
    return seen


class Stacks:
    """Creates and updates stacks, and looks at them."""

    def __init__(self, cloudformation):
        self.api = cloudformation

    def __call__(self, resources, name="s", **more):
        """Create a stack of these resources and give its status; keyword arguments go to create_stack."""
        self.api.create_stack(StackName=name, TemplateBody=self.body(resources, more), **more)
        return self.status(name)

    def update(self, resources, name="s", **more):
        self.api.update_stack(StackName=name, TemplateBody=self.body(resources, more), **more)
        return self.status(name)

    def body(self, resources, more=None):
        """Resources as a template; sections are taken out of the keyword arguments."""
        if isinstance(resources, str):
            return resources
        sections = [
            name for name in more or () if name in ("Conditions", "Mappings", "Outputs", "Transform", "Globals")
        ]
        parameters = {"Parameters": more.pop("Declared")} if "Declared" in (more or ()) else {}
        return json.dumps({"Resources": resources, **parameters, **{name: more.pop(name) for name in sections}})

    def shown(self, name="s"):
        return self.api.describe_stacks(StackName=name)["Stacks"][0]

    def status(self, name="s"):
        return self.shown(name)["StackStatus"]

    def outputs(self, name="s"):
        return {one["OutputKey"]: one["OutputValue"] for one in self.shown(name).get("Outputs", [])}

    def events(self, name="s"):
        """(logical id, status, reason) in the order in which they happened."""
        found = reversed(self.api.describe_stack_events(StackName=name)["StackEvents"])
        return [(one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", "")) for one in found]

    def reason(self, logical_id, status, name="s"):
        """Why the last event with this status was written."""
        return [reason for one, seen, reason in self.events(name) if (one, seen) == (logical_id, status)][-1]

    def ids(self, name="s"):
        """Logical id -> physical id."""
        found = self.api.list_stack_resources(StackName=name)["StackResourceSummaries"]
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId") for one in found}


@pytest.fixture
def cloudformation(_fresh):
    from conftest import client

    return client("cloudformation")


@pytest.fixture
def stack(cloudformation):
    """Create a stack; see Stacks."""
    return Stacks(cloudformation)
