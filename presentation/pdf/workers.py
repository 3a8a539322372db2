"""Worker processes that render sections: a section that hangs, crashes or swells ends its worker and nothing else.

WeasyPrint gets slower in threads, so each worker is a process; they fork from a server that has WeasyPrint imported.
"""

import gc
import multiprocessing
import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from presentation.pdf.accessibility import SectionRefusedError
from presentation.pdf.document import PdfError
from presentation.pdf.rendering import RenderJob, render_part

Progress = Callable[[int, int], None]
"""Told how many sections are made, and of how many."""
_MEGABYTE = 1024 * 1024
_GRACE_SECONDS = 10  # processor time beyond the wall-time limit, for a worker that has outlived its parent


@dataclass(frozen=True)
class RenderLimits:
    """What one section may take: wall time in seconds, and address space in megabytes."""

    seconds: float = 110
    megabytes: int = 2048


def _serve(connection: Connection, limits: RenderLimits) -> None:
    """A worker's life: renders each job it is sent, until it is sent None or its parent is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.megabytes * _MEGABYTE, limits.megabytes * _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import weasyprint  # noqa: F401  # before the freeze, so that its objects are never traversed again

    # Layout makes hundreds of thousands of objects that live together; the usual thresholds cost a quarter of the time.
    gc.set_threshold(200_000, 50, 50)
    gc.freeze()
    try:
        while (job := connection.recv()) is not None:
            _limit_processor_time(limits)
            connection.send(_outcome(job))
            gc.collect()
    except (EOFError, OSError):
        return


def _limit_processor_time(limits: RenderLimits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + limits.seconds) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _outcome(job: RenderJob) -> bytes | str:
    """The part as bytes, or a sentence for the clerk."""
    try:
        return render_part(job)
    except SectionRefusedError as refusal:
        return str(refusal)
    except (MemoryError, SystemError):  # the second is what C code makes of the first
        return "It needs more memory than a section may use. Split it into smaller sections."
    except Exception as error:
        # WeasyPrint fails on wild input in ways that it does not name: recursion, division by zero, type errors.
        return f"It could not be laid out ({type(error).__name__}: {error}). Simplify its layout."


class _Worker:
    """One process, and the job that it has in hand."""

    def __init__(self, limits: RenderLimits) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["weasyprint", "weasyprint.pdf"])
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, limits), daemon=True)
        self._process.start()
        theirs.close()
        self._limits = limits
        self.job: RenderJob | None = None
        self.deadline = 0.0

    def start(self, job: RenderJob) -> None:
        self.job = job
        self.deadline = time.monotonic() + self._limits.seconds
        self.connection.send(job)

    def collect(self) -> bytes | str:
        """What became of the job in hand; a worker that died says so in words."""
        self.job = None
        try:
            outcome: bytes | str = self.connection.recv()
        except (EOFError, OSError):
            return "Its rendering stopped unexpectedly, most likely for want of memory. Split it into smaller sections."
        return outcome

    def stop(self) -> None:
        """Ends the process whatever it is doing."""
        self.connection.close()
        if self.job is None:
            self._process.join(2)  # it reads the end of its input and leaves
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()


class RenderPool:
    """Up to `processes` workers, started when first needed and ended with the `with` block."""

    def __init__(self, processes: int, limits: RenderLimits) -> None:
        self._processes = max(1, processes)
        self._limits = limits
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def render(
        self, jobs: Sequence[RenderJob], *, tell: Callable[[int], None] | None = None
    ) -> dict[str, bytes]:
        """Renders every job and returns the parts by key; raises `PdfError` for the first section that fails.

        `tell` is called with the number of parts whenever there is another.
        """
        waiting = deque(
            sorted(jobs, key=lambda job: len(job.html), reverse=True)
        )  # the longest first, to end together
        while len(self._workers) < min(self._processes, len(jobs)):
            self._workers.append(_Worker(self._limits))
        parts: dict[str, bytes] = {}
        while len(parts) < len(jobs):
            for worker in self._workers:
                if worker.job is None and waiting:
                    worker.start(waiting.popleft())
            parts.update(self._next_parts())
            if tell is not None:
                tell(len(parts))
        return parts

    def _next_parts(self) -> dict[str, bytes]:
        """Waits until a worker has something to hand over, or the first of them is out of time."""
        busy = {worker.connection: worker for worker in self._workers if worker.job is not None}
        slowest = min(busy.values(), key=lambda worker: worker.deadline)
        ready: list[Any] = wait(list(busy), max(0.0, slowest.deadline - time.monotonic()))
        if not ready and slowest.job is not None:
            problem = (
                f"It was not finished after {self._limits.seconds:g} seconds. Split it into smaller sections."
            )
            raise PdfError(problem, section=slowest.job.key)
        parts: dict[str, bytes] = {}
        for connection in ready:
            worker = busy[connection]
            key = worker.job.key if worker.job else ""
            outcome = worker.collect()
            if isinstance(outcome, str):
                raise PdfError(outcome, section=key)
            parts[key] = outcome
        return parts
