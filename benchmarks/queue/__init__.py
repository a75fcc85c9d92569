"""What the queue alone costs: a reading that takes no time, beside an empty task of Celery's."""
