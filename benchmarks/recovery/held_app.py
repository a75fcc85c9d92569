"""The product's application with a reading that never ends: `faststream run` starts it."""

from benchmarks.doubles import read_forever
from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings

settings = load_settings()
configure_logging(settings.log_level)
app = create_app(settings, Replica(settings, read_card=read_forever))
