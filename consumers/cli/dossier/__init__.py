"""What each stage made of a file, as a folder that shows at a glance where a reading went wrong."""

from consumers.cli.dossier.dossier import Dossier

__all__ = ["Dossier"]
