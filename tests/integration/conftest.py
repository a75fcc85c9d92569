import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def stack_folder() -> Iterator[Path]:
    """A data folder for a stack of the test's own; passable for PostgreSQL's account."""
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "stack"
