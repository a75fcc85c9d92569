"""What an operator does to uploads and to the queue: for the command and for the console."""

from consumers.operations.cancelling import cancel
from consumers.operations.purging import Purge, drop_letters, purge_waiting, what_purge_would_do
from consumers.operations.result import Effect, Result
from consumers.operations.retrying import Whereabouts, retry, retry_would, whereabouts
from consumers.operations.story import Story, tell
from consumers.pause import Pause, current_pause, pause, resume

__all__ = [
    "Effect",
    "Pause",
    "Purge",
    "Result",
    "Story",
    "Whereabouts",
    "cancel",
    "current_pause",
    "drop_letters",
    "pause",
    "purge_waiting",
    "resume",
    "retry",
    "retry_would",
    "tell",
    "what_purge_would_do",
    "whereabouts",
]
