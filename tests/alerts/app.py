"""The product's application, with a reading of the lab's, and an event loop that can be wedged.

faststream run tests.alerts.app:app
"""

import signal
import time

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings
from tests.alerts.reading import read_card

WEDGED_FOR = 45.0
"""Seconds for which the event loop stands still after a SIGUSR1."""

settings = load_settings()
configure_logging(settings.log_level)
# A signal's handler runs on the main thread, in the place of the event loop.
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(WEDGED_FOR))
app = create_app(settings, Replica(settings, read_card=read_card))
