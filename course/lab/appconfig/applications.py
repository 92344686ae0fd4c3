"""Applications: folders for environments and configuration profiles.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateApplication.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .store import Application, application_of, arn, bad_request, checked, new_id, page, shown, store, tag


@refuses("appconfig", "CreateApplication", "UpdateApplication", "ListApplications")
def outside_the_model(call: Call) -> None:
    """BadRequestException for lengths and ranges."""
    checked(call)


@refuses("appconfig", "CreateApplication")
def too_many_applications(call: Call) -> None:
    """A quota per Region."""
    most = value("appconfig.quotas.applications")
    if len(store(call).applications) >= most:
        raise Refused("ServiceQuotaExceededException", f"At most {most} applications per Region.", 402)


def _shown(application: Application) -> dict[str, Any]:
    return shown(Id=application.id, Name=application.name, Description=application.description)


@answers("appconfig", "CreateApplication")
def create_application(call: Call) -> dict:
    """Names need not be unique."""
    made = Application(new_id(), call.params["Name"], call.params.get("Description"))
    store(call).applications[made.id] = made
    tag(call, arn(call, "application", made.id))
    return _shown(made)


@answers("appconfig", "GetApplication")
def get_application(call: Call) -> dict:
    """By id."""
    return _shown(application_of(call))


@answers("appconfig", "ListApplications")
def list_applications(call: Call) -> dict:
    """All of the Region."""
    return page(call, [_shown(one) for one in store(call).applications.values()])


@answers("appconfig", "UpdateApplication")
def update_application(call: Call) -> dict:
    """Name and description."""
    application = application_of(call)
    application.name = call.params.get("Name", application.name)
    application.description = call.params.get("Description", application.description)
    return _shown(application)


@refuses("appconfig", "DeleteApplication")
def application_in_use(call: Call) -> None:
    """An application is empty before it goes, as a profile is (whose message is AWS's)."""
    application = application_of(call)
    for kind, held in (("environments", application.environments), ("configuration profiles", application.profiles)):
        if held:
            raise bad_request(
                f"Cannot delete application {application.id} because there are still {kind} existing under it."
            )


@answers("appconfig", "DeleteApplication")
def delete_application(call: Call) -> dict:
    """Gone at once."""
    del store(call).applications[call.params["ApplicationId"]]
    return {}
