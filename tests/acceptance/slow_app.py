"""The product's application, with a reading that takes as long as a test wants it to take.

faststream run tests.acceptance.slow_app:app
"""

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings
from consumers.supervisor import stop_workers_together
from tests.doubles import wait_where_told

settings = load_settings()
configure_logging(settings.log_level)
stop_workers_together(settings.shutdown_grace_seconds)
app = create_app(settings, Replica(settings, read_card=wait_where_told))
