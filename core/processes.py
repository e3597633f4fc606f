"""Work on every core: by processes, each with a connection of its own to the caller's database."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import django
from django.db import connection, connections

Name = TypeVar("Name")
Result = TypeVar("Result")

# Tasks that wait for each process: few, so that a list of millions is not held twice.
_AHEAD = 4
# Seconds after which whoever waits for a task may say that it is still at it.
_LONG = 30.0


@dataclass(frozen=True, slots=True)
class Hands:
    """Who works: `submit` gives them a task, of which so many may wait for their end."""

    submit: Callable[..., Future[Any]]
    ahead: int

    def each(
        self,
        work: Callable[..., Result],
        tasks: Iterable[tuple[Name, tuple[Any, ...]]],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Iterator[tuple[Name, Result]]:
        """What `work` gives for each of the named tasks, in their order; `meanwhile` is called now
        and then while one takes long."""
        waiting: deque[tuple[Name, Future[Result]]] = deque()
        for name, given in tasks:
            waiting.append((name, self.submit(work, *given)))
            if len(waiting) >= self.ahead:
                yield _ended(*waiting.popleft(), meanwhile)
        while waiting:
            yield _ended(*waiting.popleft(), meanwhile)


def _ended(name: Name, task: Future[Result], meanwhile: Callable[[], None]) -> tuple[Name, Result]:
    while not wait([task], _LONG).done:
        meanwhile()
    return name, task.result()


@contextmanager
def hands(processes: int) -> Iterator[Hands]:
    """So many processes; with one, this process does it at once. What they do can be pickled."""
    if processes < 2:
        yield Hands(_at_once, 1)
        return
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, django.setup) as pool:
        try:
            yield Hands(lambda *task: pool.submit(_elsewhere, name, *task), processes * _AHEAD)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _at_once(work: Callable[..., Any], *given: object) -> Future[Any]:
    done: Future[Any] = Future()
    done.set_result(work(*given))
    return done


def _elsewhere(database: str, work: Callable[..., Any], *given: object) -> Any:
    """Done by a process of its own, which found the database's name in its surroundings."""
    connection.settings_dict["NAME"] = database
    return work(*given)
