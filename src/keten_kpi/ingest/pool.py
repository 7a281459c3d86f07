"""Where chunks are worked on: in this process, or in others with at most so many chunks each."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Protocol

from keten_kpi.errors import KetenError
from keten_kpi.ingest.chunk import Chunk, Outcome, Tray, Worker, cut
from keten_kpi.ingest.engine import EngineConfig
from keten_kpi.ingest.slots import Slots

THREADS = "POLARS_MAX_THREADS"  # read when Polars is imported
IN_FLIGHT = 2  # chunks per worker: one that it works on, and one that is there when that is done
SLOTS = IN_FLIGHT + 1  # and one that is being made
RARELY = (500_000, 20, 100)  # for the collector of cycles: messages are many small things that hold no cycles


class Ticket(Protocol):
    """The outcome of a chunk, to be waited for."""

    def outcome(self) -> Outcome: ...
    def is_ready(self) -> bool: ...


class _Done:
    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def outcome(self) -> Outcome:
        return self._outcome

    def is_ready(self) -> bool:
        return True


class Here:
    """Works in this process, at once."""

    depth = 0

    def __init__(self, config: EngineConfig) -> None:
        self._worker = Worker(config)

    def tray(self) -> Tray:
        return Tray()

    def submit(self, chunk: Chunk) -> Ticket:
        return _Done(self._worker.work(chunk.tray.contents(), chunk.digests))

    def close(self) -> None:
        pass


class _Promise:
    """The outcome of a chunk that a worker process has, or the error that came instead."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self._event = threading.Event()
        self._outcome: Outcome | None = None
        self._error: KetenError | None = None

    def keep(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._event.set()

    def fail(self, error: KetenError) -> None:
        self._error = error
        self._event.set()

    def outcome(self) -> Outcome:
        self._event.wait()
        if self._outcome is None:
            raise self._error or KetenError("A worker process gave no answer.")
        return self._outcome

    def is_ready(self) -> bool:
        return self._event.is_set()


class Processes:
    """Works in all of so many processes but this one, which reads and writes; a chunk goes to the least busy one.

    Each process has a thread here that sends and one that receives, so that neither side waits with a full pipe. The
    contents of a chunk are put in memory that both have as they come.
    """

    def __init__(self, config: EngineConfig, processes: int) -> None:
        self.depth = (processes - 1) * IN_FLIGHT
        context = multiprocessing.get_context("spawn")
        with _deaf_to_ctrl_c(), _one_thread():
            self._remotes = [_Remote(context, config) for _ in range(processes - 1)]
        self._next = self._remotes[0]

    def tray(self) -> Tray:
        """Of the process that the chunk is for."""
        self._next = min(self._remotes, key=lambda remote: remote.busy)
        return self._next.tray()

    def submit(self, chunk: Chunk) -> Ticket:
        return self._next.submit(chunk)

    def close(self) -> None:
        for remote in self._remotes:
            remote.stop()
        for remote in self._remotes:
            remote.join()


class _Remote:
    def __init__(self, context: Any, config: EngineConfig) -> None:
        self._pipe, theirs = context.Pipe()
        self._place = context.RawValue("q", -1)
        self._slots = Slots(SLOTS)
        self._process = context.Process(target=_serve, args=(theirs, self._slots, self._place, config), daemon=True)
        self._process.start()
        theirs.close()
        self._todo: queue.SimpleQueue[_Promise | None] = queue.SimpleQueue()
        self._free = deque(range(SLOTS))
        self._sent: deque[_Promise] = deque()
        self._lock = threading.Lock()
        self._dead: KetenError | None = None
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> int:
        return len(self._sent)

    def tray(self) -> Tray:
        """With room of its own, when there is some left."""
        slot = self._free.popleft() if self._free else None
        return Tray() if slot is None else Tray(self._slots.room(slot), slot)

    def submit(self, chunk: Chunk) -> Ticket:
        promise = _Promise(chunk)
        with self._lock:
            if self._dead:
                promise.fail(self._dead)
                return promise
            self._sent.append(promise)
        self._todo.put(promise)
        return promise

    def stop(self) -> None:
        self._todo.put(None)
        self._process.terminate()

    def join(self) -> None:
        self._process.join()
        for thread in self._threads:
            thread.join()
        self._pipe.close()
        self._slots.close()

    def _send(self) -> None:
        while (promise := self._todo.get()) is not None:
            try:
                _hand_over(self._pipe, promise.chunk)
            except OSError:
                return  # the receiver says what happened

    def _receive(self) -> None:
        while True:
            try:
                answer = self._pipe.recv()
            except (EOFError, OSError):
                self._died()
                return
            with self._lock:
                promise = self._sent.popleft()
            if promise.chunk.tray.slot is not None:
                self._free.append(promise.chunk.tray.slot)
            if isinstance(answer, Outcome):
                promise.keep(answer)
            else:
                promise.fail(_told(answer, promise.chunk))

    def _died(self) -> None:
        self._process.join()
        with self._lock:
            waiting = list(self._sent)
            self._dead = _lost(self._process.exitcode, waiting[0].chunk if waiting else None, self._place.value)
        for promise in waiting:
            promise.fail(self._dead)


def _hand_over(pipe: Connection, chunk: Chunk) -> None:
    """Contents that fit no slot go as they are: pickled they take three times as long."""
    tray = chunk.tray
    pipe.send((tray.slot, tray.sizes, tray.places, chunk.digests))
    for contents in tray.rest:
        pipe.send_bytes(contents)
    tray.drop()


def _taken_over(pipe: Connection, slots: Slots) -> tuple[list[bytes], list[str] | None]:
    slot, sizes, places, digests = pipe.recv()
    contents = list(slots.take(slot, sizes, places)) if sizes else []
    for block in places[len(sizes) :]:
        contents += cut(pipe.recv_bytes(), *block)
    return contents, digests


def _lost(code: int | None, chunk: Chunk | None, place: int) -> KetenError:
    how = f"by signal {signal.Signals(-code).name}" if code and code < 0 else f"with exit code {code}"
    where = f" while working on {_origin(chunk, place)}" if chunk else ""
    return KetenError(
        f"A worker process ended {how}{where}; nothing of the last batch was loaded.",
        "Run the same command again: what was loaded is skipped. If it ends there again, leave that file out.",
    )


def _told(answer: tuple[str, str, str, int], chunk: Chunk) -> KetenError:
    kind, message, advice, place = answer
    if kind == "told":
        return KetenError(message, advice)
    return KetenError(f"A worker failed with {message} while working on {_origin(chunk, place)}.", advice)


def _origin(chunk: Chunk, place: int) -> str:
    return str(chunk.receipts[place][0]) if 0 <= place < len(chunk.receipts) else "its first messages"


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started in the block never hear Ctrl-C: it reaches all of a terminal, and this process stops them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started in the block have one thread in Polars: with as many of them as cores, more only wait."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        os.environ.pop(THREADS)
        os.environ |= {THREADS: before} if before is not None else {}


def _serve(pipe: Connection, slots: Slots, place: Any, config: EngineConfig) -> None:
    """The life of a worker process: work in, outcome or error out, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*RARELY)
    worker = Worker(config)

    def at(number: int) -> None:
        place.value = number

    while True:
        try:
            contents, digests = _taken_over(pipe, slots)
        except (EOFError, OSError):
            return
        place.value = -1
        try:
            pipe.send(_answer(worker, contents, digests, at, place))
        except OSError:
            return  # the process that asked is gone


def _answer(
    worker: Worker, contents: list[bytes], digests: list[str] | None, at: Any, place: Any
) -> Outcome | tuple[str, str, str, int]:
    try:
        return worker.work(contents, digests, at)
    except KetenError as error:
        return "told", error.message, error.advice, place.value
    except Exception as error:  # noqa: BLE001 - the worker's edge: where it happened, never what it held
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119
        return "failed", where, "Please report it with the command and this line, and without any message.", place.value


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Within the block Python looks for cycles a thousand times less often: a tenth of the time goes there."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
