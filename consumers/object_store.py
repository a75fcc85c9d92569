"""The object store that the settings name: for replicas, and for commands that read no card."""

from consumers.settings import Settings
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress


def object_store(settings: Settings) -> ObjectStore:
    """The object store that the settings name."""
    return ObjectStore(
        ObjectStoreAddress(
            settings.s3_endpoint_url,
            settings.s3_access_key.get_secret_value() if settings.s3_access_key else None,
            settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else None,
            settings.s3_region,
        )
    )
