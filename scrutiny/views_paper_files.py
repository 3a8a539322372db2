"""A final report's PDF, or how far its making has got: the same answer to members and on the desk, once they have been given the report."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.committees.operations.rendered_papers import request_paper
from scrutiny.committees.reading_papers import paper_file


def file_page(
    request: HttpRequest, frame: dict[str, Any], *, entry: PaperEntry, address: str
) -> HttpResponse:
    """The file as the worker made it; otherwise a page that says how far it has got. POST asks again for one that failed."""
    if not entry.is_final:
        raise Http404("A draft has no file. See it as it will print.")
    content = paper_file(entry.id)
    if content is not None:
        name = f"report-{entry.id}.pdf"
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf", headers=disposition)
    state = request_paper(paper_id=entry.id, again=request.method == "POST")
    if request.method == "POST":
        return redirect(address)
    context = {**frame, "paper": entry, "state": state, "address": address}
    return render(request, "committees/paper_waiting.html", context, status=202)
