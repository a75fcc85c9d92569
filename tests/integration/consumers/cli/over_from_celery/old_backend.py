"""The backend as it was: a real Celery application that reads uploads, run as a process.

As a script it publishes, by calls such as `{"args": ["u1"], "countdown": 60}`, one a line of its
standard input; `celery -A` runs its worker, whose uploads never end.
"""

import os
import sys
import time
from json import loads

from celery import Celery

app = Celery("cricksy", broker=os.environ["CRICKSY_CELERY_BROKER_URL"])
app.conf.update(
    task_default_queue="ocr",
    task_acks_late=True,
    task_protocol=int(os.environ.get("PROTOCOL", "2")),
    broker_connection_retry_on_startup=True,
)


@app.task(bind=True, name="backend.worker.processor.process_upload_task", max_retries=3)  # type: ignore[untyped-decorator]  # it brings no types
def process_upload_task(self: object, upload_id: str) -> None:  # noqa: ARG001
    time.sleep(600)


if __name__ == "__main__":
    for line in sys.stdin:
        call = loads(line)
        if list(call) == ["args"]:
            process_upload_task.delay(*call["args"])
        else:
            process_upload_task.apply_async(**call)
