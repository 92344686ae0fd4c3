"""Wrong and right answers to the storage exercises, a module for each topic."""

from __future__ import annotations

from tests.answers.storage import (
    amis,
    choosing_storage,
    delete_on_termination,
    ebs_encryption,
    ebs_volumes,
    efs,
    instance_store,
    multi_attach,
    snapshots,
    volume_types,
)

ANSWERS = {
    **ebs_volumes.ANSWERS,
    **delete_on_termination.ANSWERS,
    **snapshots.ANSWERS,
    **amis.ANSWERS,
    **instance_store.ANSWERS,
    **volume_types.ANSWERS,
    **multi_attach.ANSWERS,
    **ebs_encryption.ANSWERS,
    **efs.ANSWERS,
    **choosing_storage.ANSWERS,
}
