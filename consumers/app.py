"""The application that `faststream run consumers.app` starts."""

import sys

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import SettingsError, load_settings
from consumers.supervisor import stop_workers_together

try:
    settings = load_settings()
except SettingsError as error:
    sys.exit(str(error))

configure_logging(settings.log_level)
stop_workers_together(settings.shutdown_grace_seconds)
app = create_app(settings, Replica(settings))
