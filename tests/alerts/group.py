"""The group deleted: mended by the replicas before an alert is due."""

import time

from redis.exceptions import ResponseError

from tests.alerts.contents import SLOW
from tests.alerts.faults import Told
from tests.alerts.lab import Lab
from tests.wait import wait_until

GROUP_DELETED = "group deleted"


def group_deleted(lab: Lab) -> Told:
    """Delete the group while an upload is in work; the seconds until it is there again."""
    lab.wait_until_ready()
    lab.hook.posts.clear()
    held = lab.hold_up()
    keys = lab.system.keys
    with lab.system.redis as redis:
        redis.xgroup_destroy(keys.stream, keys.group)
        began = time.monotonic()
        why = lab.why(held.upload_id)

        def is_back() -> bool:
            try:
                return bool(redis.xinfo_groups(keys.stream))
            except ResponseError:
                return False

        wait_until(is_back, timeout=30)
    mended = time.monotonic() - began
    held.wait_until_read()
    lab.system.wait_until_parsed(lab.system.publish(SLOW))
    text = f"log of a replica: group created at 0; alerts: {len(lab.hook.posts)}"
    return Told(GROUP_DELETED, "", mended, text, why, 0.0, 0)
