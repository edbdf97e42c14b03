"""Measures in a process of its own, whose memory holds no other Home Assistant."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

type Measure[A, T] = Callable[[A], Coroutine[Any, Any, T]]


def apart[A, T](measure: Measure[A, T], about: A) -> T:
    """Start it, and return what it measured."""
    with ProcessPoolExecutor(1, get_context("spawn"), logging.disable, (logging.WARNING,)) as pool:
        return pool.submit(run, measure, about).result()


def run[A, T](measure: Measure[A, T], about: A) -> T:
    """Measure here."""
    return asyncio.run(measure(about))
