"""The fault lab's own application: the product's, with a reading and points of the test's.

CHAOS_FOLDER=… faststream run tests.chaos.app:app
"""

import os

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings
from consumers.supervisor import stop_workers_together
from tests.chaos.reading import read_card
from tests.chaos.wiring import hurry_the_watcher, place_points, take_version

settings = load_settings()
configure_logging(settings.log_level)
stop_workers_together(settings.shutdown_grace_seconds)
place_points()
hurry_the_watcher()
take_version(dict(os.environ))
app = create_app(settings, Replica(settings, read_card=read_card))
