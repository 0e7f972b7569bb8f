"""Many at once, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from common.errors import RuleViolation


def at_once(act, count=20):
    """Run `act(i)` in `count` threads; return results, refusals as their exception."""

    def run(index):
        try:
            return act(index)
        except RuleViolation as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
