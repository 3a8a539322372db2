"""HTML sections made into one tagged, accessible PDF."""

from presentation.pdf.build import build_pdf
from presentation.pdf.document import PdfAttachment, PdfDocument, PdfError, PdfSection
from presentation.pdf.workers import Progress, RenderLimits

__all__ = ["PdfAttachment", "PdfDocument", "PdfError", "PdfSection", "Progress", "RenderLimits", "build_pdf"]
