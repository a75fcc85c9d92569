"""The product's application, with a reading that never comes back from Tesseract.

faststream run tests.acceptance.hanging_app:app
"""

from consumers.application import create_app
from consumers.logs import configure_logging
from consumers.replica import Replica
from consumers.settings import load_settings
from tests.doubles import hang_in_ocr

settings = load_settings()
configure_logging(settings.log_level)
app = create_app(settings, Replica(settings, read_card=hang_in_ocr))
