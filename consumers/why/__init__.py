"""Why an upload is where it is: the evidence, and one paragraph in plain English."""

from consumers.why.answer import Answer, explain
from consumers.why.evidence import Evidence, Rules, gather

__all__ = ["Answer", "Evidence", "Rules", "explain", "gather"]
