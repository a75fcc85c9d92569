"""Static files: their addresses change with them, so browsers may keep them for good."""

from importlib import resources

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class KeptFiles(StaticFiles):
    """The files of `static/`."""

    def __init__(self) -> None:
        super().__init__(directory=str(resources.files("consumers.console") / "static"))

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, to be kept where its address names its content."""
        response = await super().get_response(path, scope)
        kept = bool(scope["query_string"]) and response.status_code == 200
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return response
