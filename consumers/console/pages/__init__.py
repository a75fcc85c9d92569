"""The pages: each handler loads and renders."""

from starlette.routing import Route

from consumers.console.pages import overview, sign_in


def routes() -> list[Route]:
    """Every page's route."""
    return [
        Route("/", overview.overview),
        Route("/sign-in", sign_in.ask, methods=["GET"]),
        Route("/sign-in", sign_in.sign_in, methods=["POST"]),
        Route("/sign-out", sign_in.sign_out, methods=["POST"]),
    ]
