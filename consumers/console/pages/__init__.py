"""The pages: each handler loads and renders."""

from starlette.routing import Route

from consumers.console.pages import arriving, asking, overview, patterns, queue, sign_in, uploads


def routes() -> list[Route]:
    """Every page's route."""
    return [
        Route("/", overview.overview),
        Route("/uploads", uploads.uploads),
        Route("/uploads/{upload_id}", uploads.upload),
        Route("/uploads/{upload_id}/arrival", arriving.arrival),
        Route("/upload", arriving.upload),
        Route("/patterns", patterns.patterns),
        Route("/workers", queue.workers),
        Route("/pending", queue.pending),
        Route("/dead", queue.dead),
        Route("/ask/{deed}", asking.ask, methods=["GET"]),
        Route("/do/{deed}", asking.do, methods=["POST"]),
        Route("/sign-in", sign_in.ask, methods=["GET"]),
        Route("/sign-in", sign_in.sign_in, methods=["POST"]),
        Route("/sign-out", sign_in.sign_out, methods=["POST"]),
    ]
