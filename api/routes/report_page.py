"""The report as the owner reads it behind their secret link, once it was sent."""

from fastapi import APIRouter, Response

from api import words_report
from api.errors import LinkReplaced
from api.lifecycle import link as links
from api.lifecycle import report as lifecycle
from api.pages import render
from api.report import page, report
from api.routes.asking import Reading, by_link
from api.routes.reports import page_headers
from api.routes.security import PAGE_HEADERS

router = APIRouter(tags=["client page"], include_in_schema=False)


@router.get("/p/{token}/report", dependencies=[by_link])
async def get_report_page(token: str, session: Reading) -> Response:
    """What happened the last time, what we did, what is still there; no reviewer is named."""
    try:
        _, client = await links.open_page(session, token)
    except LinkReplaced:
        return _page(*render("replaced.html", {"people": []}), status=410)
    incident = await lifecycle.newest_sent(session, client.id)
    if incident is None:
        facts = {
            "people": [],
            "said": words_report.NO_REPORT,
            "hint": words_report.NO_REPORT_HINT,
        }
        return _page(*render("report_none.html", facts), status=404)
    return _page(*page.html(await report(session, incident)))


def _page(html: str, style_hash: str, *, status: int = 200) -> Response:
    headers = page_headers(style_hash) | PAGE_HEADERS
    return Response(html, status, headers, media_type="text/html")
