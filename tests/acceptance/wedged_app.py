"""The product's application, whose event loop hangs for a while when it is sent SIGUSR1.

faststream run tests.acceptance.wedged_app:app
"""

import signal
import time

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings
from tests.doubles import wait_where_told

WEDGED_FOR = 14.0
"""Seconds."""

settings = load_settings()
configure_logging(settings.log_level)
# A signal's handler runs on the main thread, in the place of the event loop.
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(WEDGED_FOR))
app = create_app(settings, Replica(settings, read_card=wait_where_told))
